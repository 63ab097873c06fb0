import { describe, expect, it } from '@jest/globals';

import { createLocalBus } from '../../gateway/cluster/local-bus.ts';
import { createRedisBus } from '../../gateway/cluster/redis-bus.ts';
import { openRedis, REDIS_MISSING } from '../support/redis.ts';
import { describeBus } from './bus.contract.ts';

const quiet = () => undefined;

describeBus('local', () => {
  const bus = createLocalBus(quiet);
  return Promise.resolve({ here: bus, there: bus, close: () => bus.close() });
});

if (REDIS_MISSING === null) {
  describeBus('redis', async () => {
    const redis = await openRedis();
    const open = () => createRedisBus({ url: redis.url, channel: `test-${String(process.pid)}`, log: quiet });
    const [here, there] = await Promise.all([open(), open()]);
    return {
      here,
      there,
      async close() {
        await Promise.all([here.close(), there.close()]);
        await redis.close();
      },
    };
  });
}

const describeRedis = REDIS_MISSING === null ? describe : describe.skip;

describeRedis(`the redis bus (${REDIS_MISSING ?? 'on a real server'})`, () => {
  it('goes on within the process while Redis is away, and between processes when it is back', async () => {
    const redis = await openRedis();
    const open = () => createRedisBus({ url: redis.url, channel: 'outage', log: quiet });
    const [here, there] = await Promise.all([open(), open()]);
    const heard: string[] = [];
    here.subscribe('revocation', ({ subject }) => heard.push(`here ${subject}`));
    there.subscribe('revocation', ({ subject }) => heard.push(`there ${subject}`));
    try {
      await redis.kill();
      here.publish('revocation', { subject: 'during' });
      expect(heard).toEqual(['here during']);
      await redis.start();
      const end = Date.now() + 20_000;
      while (!heard.includes('there after') && Date.now() < end) {
        here.publish('revocation', { subject: 'after' });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(heard).toContain('there after');
    } finally {
      await Promise.all([here.close(), there.close()]);
      await redis.close();
    }
  }, 60_000);

  it('says at the start that nothing listens at the address', async () => {
    await expect(createRedisBus({ url: 'redis://127.0.0.1:1', channel: 'x', log: quiet })).rejects.toThrow();
  });
});
