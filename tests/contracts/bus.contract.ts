import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Bus, CommitNotice, StrategyNotice } from '../../core/ports/bus.ts';

export interface BusHarness {
  /** Two processes' ends of the same bus; the same one twice where there is only one process. */
  readonly here: Bus;
  readonly there: Bus;
  close(): Promise<void>;
}

const notice = (from: number): CommitNotice => ({ accountId: 'a', workspaceId: 'w', from, to: from + 1 });

/** What every bus must hold to. Messages may be lost, so each wait is on something sent again until it arrives. */
export function describeBus(name: string, open: () => Promise<BusHarness>): void {
  describe(`bus: ${name}`, () => {
    let harness: BusHarness;

    beforeAll(async () => {
      harness = await open();
    });
    afterAll(async () => {
      await harness.close();
    });

    async function eventually(done: () => boolean, attempt: () => void = () => undefined): Promise<void> {
      const end = Date.now() + 10_000;
      while (!done()) {
        if (Date.now() > end) {
          throw new Error('nothing arrived within ten seconds');
        }
        attempt();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }

    it('carries a message to the listeners of its topic, here and there', async () => {
      const heard: string[] = [];
      const stops = [
        harness.here.subscribe('commit', (message) => heard.push(`here ${String(message.from)}`)),
        harness.there.subscribe('commit', (message) => heard.push(`there ${String(message.from)}`)),
        harness.there.subscribe('revocation', (message) => heard.push(message.subject)),
      ];
      await eventually(
        () => heard.includes('here 1') && heard.includes('there 1'),
        () => {
          harness.here.publish('commit', notice(1));
        },
      );
      expect(heard.filter((each) => !/^(here|there) 1$/.test(each))).toEqual([]);
      stops.forEach((stop) => {
        stop();
      });
    });

    it('carries what strategies say as it was said', async () => {
      const said: StrategyNotice = {
        ...{ accountId: 'a', workspaceId: 'w', strategyId: 's', at: 5, level: 'WARN', message: 'm' },
        data: { nested: [1, 'two', null, { three: true }] },
      };
      const heard: StrategyNotice[] = [];
      const stop = harness.there.subscribe('strategyEvent', (message) => heard.push(message));
      await eventually(
        () => heard.length > 0,
        () => {
          harness.here.publish('strategyEvent', said);
        },
      );
      expect(heard[0]).toEqual(said);
      stop();
    });

    it('keeps the order of one publisher’s messages', async () => {
      const heard: number[] = [];
      const stop = harness.there.subscribe('commit', (message) => heard.push(message.from));
      for (let from = 100; from < 200; from += 1) {
        harness.here.publish('commit', notice(from));
      }
      await eventually(() => heard.at(-1) === 199);
      const wanted = heard.filter((from) => from >= 100);
      expect(wanted).toEqual([...wanted].sort((a, b) => a - b));
      stop();
    });

    it('tells nothing more to who has unsubscribed', async () => {
      const gone: number[] = [];
      const stays: number[] = [];
      harness.there.subscribe('gatewayState', (message) => gone.push(message.version))();
      const stop = harness.there.subscribe('gatewayState', (message) => stays.push(message.version));
      await eventually(
        () => stays.length > 0,
        () => {
          harness.here.publish('gatewayState', { version: 1 });
        },
      );
      expect(gone).toEqual([]);
      stop();
    });

    it('does not let a failing listener keep the others from hearing, nor the publisher notice', async () => {
      const heard: string[] = [];
      const stops = [
        harness.here.subscribe('revocation', () => {
          throw new Error('listener broke');
        }),
        harness.here.subscribe('revocation', (message) => heard.push(message.subject)),
      ];
      harness.here.publish('revocation', { subject: 'user:1' });
      await eventually(() => heard.includes('user:1'));
      stops.forEach((stop) => {
        stop();
      });
    });
  });
}
