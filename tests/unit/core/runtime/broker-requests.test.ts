import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Broker, BrokerOutcome } from '@omniquant/plugin-sdk';

import type { Order } from '../../../../core/orders/order.ts';
import { orderFromRecord } from '../../../../core/orders/order-record-codec.ts';
import { orderTerms } from '../../../../core/orders/venue-terms.ts';
import type { AccountActor } from '../../../../core/runtime/account-actor.ts';
import { type BrokerRequests, createBrokerRequests } from '../../../../core/runtime/broker-requests.ts';
import type { BrokerSend } from '../../../../core/runtime/broker-send.ts';
import { DEFAULT_SETTINGS } from '../../../../core/runtime/runtime-settings.ts';
import { orderRecord } from '../../../support/journal-fixtures.ts';
import { SCRIPTED_CAPABILITIES } from '../../../support/scripted-venue.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const EPOCH = 3;
const actor = {
  entry: { accountId: 'account-1', workspaceId: 'w', shard: 5, broker: 'b', connection: 'c' },
  epoch: EPOCH,
  phase: 'open',
} as unknown as AccountActor;

describe('requests to a broker', () => {
  let clock: VirtualClock;
  let owned: { epoch: number | null; validUntil: number };
  let sent: string[];
  let outcomes: { readonly kind: string; readonly outcome: BrokerOutcome }[];
  let answer: (name: string, signal: AbortSignal) => Promise<BrokerOutcome>;
  let requests: BrokerRequests;
  let isConnected: boolean;
  /** How long the process has been stopped: time that no timer has seen. */
  let stoppedMs: number;
  /** How long it is stopped between the look at the lease and the request. */
  let stopsMs: number;
  let order: Order;

  beforeEach(() => {
    clock = createVirtualClock();
    owned = { epoch: EPOCH, validUntil: 60_000 };
    sent = [];
    outcomes = [];
    isConnected = true;
    stoppedMs = stopsMs = 0;
    answer = () => Promise.resolve({ kind: 'accepted', brokerOrderId: 'b-1', at: 0 });
    order = orderFromRecord(orderRecord('o-1', { lifecycle: 'SUBMITTED', doneReason: null }));
    const ask = (name: string, signal: AbortSignal): Promise<BrokerOutcome> => {
      sent.push(name);
      return answer(name, signal);
    };
    const broker = {
      capabilities: SCRIPTED_CAPABILITIES,
      submit: ({ venueOrderId }, signal) => ask(`submit ${venueOrderId}`, signal),
      cancel: ({ venueOrderId }, signal) => ask(`cancel ${venueOrderId}`, signal),
    } as Partial<Broker> as Broker;
    requests = createBrokerRequests({
      env: {
        clock: { ...clock, monotonic: () => clock.monotonic() + stoppedMs },
        chance: { next: () => 0.5 },
        telemetry: {
          span: () => ({
            traceparent: 't',
            set: () => undefined,
            fail: () => undefined,
            end: () => undefined,
          }),
          count: () => undefined,
          observe: () => undefined,
          gauge: () => undefined,
          log: () => undefined,
        },
        failpoints: { hit: () => void (stoppedMs += stopsMs) },
        ownership: { epoch: () => owned.epoch, validUntil: () => owned.validUntil },
        venueIdPrefix: 'oq',
        prefetch: { request: () => undefined, close: () => undefined },
        times: { ...DEFAULT_SETTINGS.broker, leaseTtlMs: 5_000 },
      },
      brokerId: 'b',
      broker: () => (isConnected ? broker : null),
      onOutcome: (_, { kind }, outcome) => void outcomes.push({ kind, outcome }),
    });
  });

  const submit = (orderId = 'o-1'): BrokerSend => ({
    kind: 'submit',
    orderId,
    order,
    revision: 0,
    traceparent: null,
    terms: orderTerms(order),
  });
  const cancel = (orderId = 'o-1'): BrokerSend => ({
    kind: 'cancel',
    orderId,
    order,
    revision: 0,
    traceparent: null,
    brokerOrderId: null,
  });
  const kinds = (): string[] => outcomes.map(({ outcome }) => outcome.kind);

  it('go out once, and tell what became of them', async () => {
    requests.send(actor, [submit()]);
    await clock.settle();
    expect(sent).toEqual(['submit oq-o-1-0']);
    expect(kinds()).toEqual(['accepted']);
    expect(requests.isAccountBusy('account-1')).toBe(false);
  });

  it('do not go out when the lease is not surely ours, or ends too soon', async () => {
    for (const state of [
      { epoch: null, validUntil: 60_000 },
      { epoch: EPOCH + 1, validUntil: 60_000 },
      { epoch: EPOCH, validUntil: 700 },
    ]) {
      owned = state;
      requests.send(actor, [submit()]);
      await clock.settle();
    }
    expect(sent).toEqual([]);
    expect(kinds()).toEqual(['notSent', 'notSent', 'notSent']);
  });

  it('do not go out from a process that was stopped past its lease before it sent them', async () => {
    stopsMs = 60_000;
    requests.send(actor, [submit()]);
    await clock.settle();
    expect(sent).toEqual([]);
    expect(kinds()).toEqual(['notSent']);
  });

  it('show a plugin that was stopped while it prepared them that it is too late', async () => {
    let wasAborted: boolean | null = null;
    answer = async (_, signal) => {
      await Promise.resolve();
      stoppedMs = 60_000;
      wasAborted = signal.aborted;
      return { kind: 'notSent', reason: 'too late' };
    };
    requests.send(actor, [submit()]);
    await clock.settle();
    expect(wasAborted).toBe(true);
    expect(kinds()).toEqual(['notSent']);
  });

  it('are given up while the lease still holds', async () => {
    owned = { epoch: EPOCH, validUntil: 3_000 };
    let abortedAt = 0;
    answer = (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => (abortedAt = clock.monotonic()));
      });
    requests.send(actor, [submit()]);
    await clock.advance(10_000);
    expect(abortedAt).toBe(3_000 - DEFAULT_SETTINGS.broker.leaseMarginMs);
    expect(kinds()).toEqual(['unknown']);
  });

  it('are unknown when the plugin throws, and provably unsent without a connection', async () => {
    answer = () => Promise.reject(new Error('boom'));
    requests.send(actor, [submit()]);
    await clock.settle();
    isConnected = false;
    requests.send(actor, [submit()]);
    await clock.settle();
    expect(kinds()).toEqual(['unknown', 'notSent']);
  });

  it('for one order keep their order, and hold up no other', async () => {
    let finish = (): void => undefined;
    answer = (name) =>
      name === 'submit oq-o-1-0'
        ? new Promise((resolve) => {
            finish = () => {
              resolve({ kind: 'accepted', brokerOrderId: 'b-1', at: 0 });
            };
          })
        : Promise.resolve({ kind: 'accepted', brokerOrderId: 'b-2', at: 0 });
    requests.send(actor, [submit('o-1'), cancel('o-1'), submit('o-2')]);
    await clock.settle();
    expect(sent).toEqual(['submit oq-o-1-0', 'submit oq-o-2-0']);
    expect(requests.isBusy('o-1')).toBe(true);
    expect(requests.isBusy('o-2')).toBe(false);
    let isIdle = false;
    void requests.whenIdle('account-1').then(() => (isIdle = true));
    finish();
    await clock.settle();
    expect(sent.at(-1)).toBe('cancel oq-o-1-0');
    expect(outcomes.map(({ kind }) => kind)).toEqual(['submit', 'submit', 'cancel']);
    expect(isIdle).toBe(true);
  });

  it('never carry an order whose intent is not journaled', async () => {
    order = orderFromRecord(orderRecord('o-1', { lifecycle: 'HELD', doneReason: null, sent: false }));
    requests.send(actor, [submit()]);
    await clock.settle();
    expect(sent).toEqual([]);
  });
});
