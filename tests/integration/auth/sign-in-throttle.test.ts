import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'redis';

import type { SignInThrottle } from '../../../core/ports/credentials.ts';
import { createSignInThrottle } from '../../../gateway/auth/sign-in-throttle.ts';
import { openRedis, REDIS_MISSING, type TestRedis } from '../../support/redis.ts';

const LIMITS = { windowSeconds: 60, pair: 3, address: 100, account: 8 };

/** An account that no other test has, seen from an address. */
const someone = () => {
  const account = `${randomUUID()}@example.com`;
  return (remoteAddress = '192.0.2.1') => ({ account, remoteAddress });
};

async function admitted(
  throttle: SignInThrottle,
  attempt: Parameters<SignInThrottle['begin']>[0],
  times: number,
) {
  let count = 0;
  for (let i = 0; i < times; i++) if ((await throttle.begin(attempt)) === null) count += 1;
  return count;
}

describe('throttling sign-ins within one gateway', () => {
  it('stops the pair first, and leaves what others share', async () => {
    const throttle = createSignInThrottle({ limits: LIMITS });
    const alice = someone();
    expect(await admitted(throttle, alice(), 50)).toBe(3);
    expect(await admitted(throttle, alice('192.0.2.2'), 1)).toBe(1);
  });

  it('takes a success back, so that only failures count', async () => {
    const throttle = createSignInThrottle({ limits: LIMITS });
    const alice = someone();
    for (let i = 0; i < 20; i++) {
      expect(await throttle.begin(alice())).toBeNull();
      await throttle.succeeded(alice());
    }
    expect(await admitted(throttle, alice(), 10)).toBe(3);
  });

  it('stops one address that tries many accounts', async () => {
    const throttle = createSignInThrottle({ limits: { ...LIMITS, address: 5 } });
    let count = 0;
    for (let i = 0; i < 10; i++) count += await admitted(throttle, someone()('203.0.113.9'), 1);
    expect(count).toBe(5);
  });
});

const describeRedis = REDIS_MISSING === null ? describe : describe.skip;

const connectTo = (url: string) => createClient({ url }).on('error', () => {});

describeRedis(`throttling sign-ins of several gateways (${REDIS_MISSING ?? 'on a real Redis'})`, () => {
  let redis: TestRedis;
  let clients: ReturnType<typeof connectTo>[];
  let gateways: SignInThrottle[];

  beforeAll(async () => {
    redis = await openRedis();
    clients = [1, 2].map(() => connectTo(redis.url));
    await Promise.all(clients.map((client) => client.connect()));
    gateways = clients.map((client) => createSignInThrottle({ limits: LIMITS, redis: client }));
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await redis.close();
  });

  it('counts an attempt wherever it arrives', async () => {
    const alice = someone();
    expect(await admitted(gateways[0]!, alice(), 2)).toBe(2);
    expect(await admitted(gateways[1]!, alice(), 5)).toBe(1);
    expect(await gateways[0]!.begin(alice())).toBeGreaterThan(0);
  });

  it('keeps no address of a person in Redis', async () => {
    await gateways[0]!.begin({ account: 'carol@example.com', remoteAddress: '192.0.2.3' });
    const keys = await clients[0]!.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join()).not.toContain('carol');
  });

  // The last two take Redis away: first it hangs for longer than a test may last, then it is gone.
  const itsOwnRedis = process.env['REDIS_URL'] === undefined ? it : it.skip;
  itsOwnRedis('goes on by itself while Redis hangs', async () => {
    await clients[1]!.sendCommand(['CLIENT', 'PAUSE', '60000', 'ALL']);
    expect(await admitted(gateways[0]!, someone()(), 1)).toBe(1);
  });

  itsOwnRedis('goes on by itself while Redis is away, and still stops guessers', async () => {
    await redis.kill();
    expect(await admitted(gateways[0]!, someone()(), 10)).toBe(3);
  });
});
