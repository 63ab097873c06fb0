import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Broker } from '@omniquant/plugin-sdk';

import type { BrokerConnector } from '../../../../core/ports/broker-connector.ts';
import { NO_FAILPOINTS } from '../../../../core/ports/failpoints.ts';
import { type BrokerSession, createBrokerSession } from '../../../../core/runtime/broker-session.ts';
import { DEFAULT_SETTINGS } from '../../../../core/runtime/runtime-settings.ts';
import { SCRIPTED_CAPABILITIES } from '../../../support/scripted-venue.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

describe('a broker connection', () => {
  let clock: VirtualClock;
  let attempts: number;
  let closed: number;
  let readied: number;

  beforeEach(() => {
    clock = createVirtualClock();
    attempts = 0;
    closed = 0;
    readied = 0;
  });

  const broker = {
    capabilities: SCRIPTED_CAPABILITIES,
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
  } as unknown as Broker;

  function open(connect: BrokerConnector['connect']): BrokerSession {
    return createBrokerSession({
      env: {
        clock,
        chance: { next: () => 0.5 },
        telemetry: {
          span: () => {
            throw new Error('no spans here');
          },
          count: () => undefined,
          observe: () => undefined,
          gauge: () => undefined,
          log: () => undefined,
        },
        failpoints: NO_FAILPOINTS,
        ownership: { epoch: () => 1, validUntil: () => Number.MAX_SAFE_INTEGER },
        venueIdPrefix: 'oq',
        prefetch: { request: () => undefined, close: () => undefined },
        times: { ...DEFAULT_SETTINGS.broker, leaseTtlMs: 5_000 },
      },
      ref: { broker: 'scripted', connection: 'default' },
      connector: {
        connect,
        isExclusive: () => Promise.resolve(false),
        revisions: () => Promise.resolve(['']),
      },
      connectTimeoutMs: 2_000,
      market: { quote: () => undefined, trade: () => undefined, clock: () => undefined },
      onReady: () => void (readied += 1),
    });
  }

  it('is tried again with growing pauses until it opens', async () => {
    const session = open((_, sink) => {
      attempts += 1;
      if (attempts < 4) {
        return Promise.reject(new Error('refused'));
      }
      sink.status({ state: 'READY' });
      return Promise.resolve(broker);
    });
    await clock.settle();
    expect(session.status()).toMatchObject({ state: 'CONNECTING', reason: 'refused' });
    expect(session.view('anybody')).toMatchObject({ ready: false, reason: 'refused' });
    await clock.advance(3_600);
    expect(attempts).toBe(4);
    expect(session.status()).toMatchObject({ state: 'READY', reason: null });
    expect(readied).toBe(1);
    await session.close();
    expect(closed).toBe(1);
  });

  it('that opens too late, or after the end, is closed again', async () => {
    const session = open(
      () =>
        new Promise((resolve) => {
          attempts += 1;
          clock.after(3_000, () => {
            resolve(broker);
          });
        }),
    );
    await clock.advance(3_100);
    expect(closed).toBe(1);
    const closing = session.close();
    await clock.advance(10_000);
    await closing;
    expect(closed).toBe(attempts);
    expect(session.broker).toBeNull();
    expect(clock.pendingTimers).toBe(0);
  });

  it('that has failed for good says so', async () => {
    const session = open((_, sink) => {
      sink.status({ state: 'FAILED', code: 'AUTH_FAILED', reason: 'the key is not known' });
      return Promise.resolve(broker);
    });
    await clock.settle();
    expect(session.status()).toMatchObject({ state: 'FAILED', reason: 'the key is not known' });
    expect(readied).toBe(0);
    await session.close();
  });
});
