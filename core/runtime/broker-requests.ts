import type { Broker, BrokerOutcome } from '@omniquant/plugin-sdk';

import { venueOrderId } from '../orders/venue-order-id.ts';
import type { Failpoint } from '../ports/failpoints.ts';
import { approveOrder } from '../risk/approve.ts';
import type { AccountActor } from './account-actor.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import type { BrokerSend } from './broker-send.ts';
import { withDeadlineAt } from './deadline.ts';

export interface BrokerRequestsOptions {
  readonly env: BrokerEnvironment;
  readonly brokerId: string;
  /** Null while there is no connection. */
  readonly broker: () => Broker | null;
  /** What became of a request; `unsent` when provably no byte left. */
  readonly onOutcome: (actor: AccountActor, send: BrokerSend, outcome: BrokerOutcome) => void;
}

/**
 * Sends to the venue what the journal holds, each once. Requests for one order go in the order of their
 * commits, one at a time. A request's deadline ends before the lease does, with a margin: a process that
 * may no longer be the owner sends nothing. What does not answer by its deadline is unknown.
 */
export interface BrokerRequests {
  send(actor: AccountActor, sends: readonly BrokerSend[]): void;
  /** Whether a request of this order is under way or waits. */
  isBusy(orderId: string): boolean;
  /** Whether any request of the account is. */
  isAccountBusy(accountId: string): boolean;
  /** Resolves when nothing of the account is under way. */
  whenIdle(accountId: string): Promise<void>;
}

/** Less than this is not worth beginning: the answer could not come back in time. */
const SHORTEST_DEADLINE_MS = 250;

const FAILPOINTS: Readonly<Record<BrokerSend['kind'], readonly [Failpoint, Failpoint]>> = {
  submit: ['broker.before-submit', 'broker.after-submit'],
  replace: ['broker.before-replace', 'broker.after-replace'],
  cancel: ['broker.before-cancel', 'broker.after-cancel'],
};

export function createBrokerRequests({
  env,
  brokerId,
  broker,
  onOutcome,
}: BrokerRequestsOptions): BrokerRequests {
  const { clock, failpoints, telemetry, times } = env;
  /** By order: what follows waits for it. */
  const chains = new Map<string, Promise<void>>();
  const busyAccounts = new Map<string, number>();
  let waitingForIdle: { readonly accountId: string; readonly tell: () => void }[] = [];

  /**
   * An instant and not a span: the process may be stopped between any two of its steps, and what it has
   * measured before says nothing after.
   */
  function deadlineFor(actor: AccountActor): number {
    if (env.ownership.epoch(actor.entry.shard) !== actor.epoch || actor.phase === 'closed') {
      return Number.NEGATIVE_INFINITY;
    }
    const lease = env.ownership.validUntil(actor.entry.shard) - times.leaseMarginMs;
    return Math.min(clock.monotonic() + times.requestTimeoutMs, lease);
  }

  async function perform(actor: AccountActor, send: BrokerSend): Promise<BrokerOutcome> {
    const connected = broker();
    if (connected === null) {
      return { kind: 'notSent', reason: 'there is no connection to the broker' };
    }
    const due = deadlineFor(actor);
    if (due - clock.monotonic() < SHORTEST_DEADLINE_MS) {
      return { kind: 'notSent', reason: 'the lease on the account ends too soon' };
    }
    const [before, after] = FAILPOINTS[send.kind];
    const labels = { broker: brokerId, request: send.kind };
    const span = telemetry.span(`broker.${send.kind}`, send.traceparent, {
      'order.id': send.orderId,
      broker: brokerId,
    });
    const started = clock.monotonic();
    let outcome: BrokerOutcome;
    try {
      failpoints.hit(before);
      outcome = await withDeadlineAt(clock, due, 'the broker', (signal) =>
        request(connected, actor, send, span.traceparent, signal),
      );
      failpoints.hit(after);
    } catch (error) {
      span.fail(error);
      outcome = { kind: 'unknown', reason: error instanceof Error ? error.message : 'the broker failed' };
    }
    span.set({ 'broker.outcome': outcome.kind });
    span.end();
    telemetry.observe(
      'broker_request_seconds',
      (clock.monotonic() - started) / 1_000,
      labels,
      send.traceparent,
    );
    telemetry.count('broker_requests_total', { ...labels, outcome: outcome.kind });
    return outcome;
  }

  function request(
    connected: Broker,
    actor: AccountActor,
    send: BrokerSend,
    traceparent: string,
    signal: AbortSignal,
  ): Promise<BrokerOutcome> {
    // Plugins look at it again before they send: what follows may have to wait for a connection.
    if (signal.aborted) {
      return Promise.resolve({ kind: 'notSent', reason: 'the deadline passed before it was sent' });
    }
    const account = actor.entry.accountId;
    const idOf = (revision: number): string => venueOrderId(env.venueIdPrefix, send.orderId, revision);
    switch (send.kind) {
      case 'submit':
        return connected.submit(
          approveOrder(send.order, send.terms, idOf(send.revision), account, traceparent),
          signal,
        );
      case 'replace':
        return connected.replace(
          {
            previousVenueOrderId: idOf(send.previousRevision),
            previousBrokerOrderId: send.previousBrokerOrderId,
            order: approveOrder(send.order, send.terms, idOf(send.revision), account, traceparent),
          },
          signal,
        );
      case 'cancel':
        return connected.cancel(
          { account, venueOrderId: idOf(send.revision), brokerOrderId: send.brokerOrderId, traceparent },
          signal,
        );
    }
  }

  function begin(accountId: string): void {
    busyAccounts.set(accountId, (busyAccounts.get(accountId) ?? 0) + 1);
  }

  function end(accountId: string): void {
    const left = (busyAccounts.get(accountId) ?? 1) - 1;
    if (left > 0) {
      busyAccounts.set(accountId, left);
      return;
    }
    busyAccounts.delete(accountId);
    const told = waitingForIdle.filter((waiting) => waiting.accountId === accountId);
    waitingForIdle = waitingForIdle.filter((waiting) => waiting.accountId !== accountId);
    for (const { tell } of told) {
      tell();
    }
  }

  return {
    send(actor, sends) {
      const { accountId } = actor.entry;
      for (const send of sends) {
        begin(accountId);
        const previous = chains.get(send.orderId);
        const run = (): Promise<BrokerOutcome> => perform(actor, send);
        const done = (previous === undefined ? run() : previous.then(run)).then((outcome) => {
          if (chains.get(send.orderId) === done) {
            chains.delete(send.orderId);
          }
          end(accountId);
          onOutcome(actor, send, outcome);
        });
        chains.set(send.orderId, done);
      }
    },
    isBusy: (orderId) => chains.has(orderId),
    isAccountBusy: (accountId) => busyAccounts.has(accountId),
    whenIdle: (accountId) =>
      busyAccounts.has(accountId)
        ? new Promise((tell) => {
            waitingForIdle.push({ accountId, tell });
          })
        : Promise.resolve(),
  };
}
