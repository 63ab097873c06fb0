import { afterFailure, RETRY_FROM_MS, RETRY_TO_MS } from '../../core/notifications/retry-policy.ts';
import type { Chance, Clock } from '../../core/ports/clock.ts';
import type { DeliveryRefusal, NotificationSender, SendFailure } from '../../core/ports/notifiers.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import type { DeliveryStore, DueDelivery, Outcome } from '../database/notifications/delivery-store.ts';

export interface DelivererOptions {
  readonly store: DeliveryStore;
  readonly sender: NotificationSender;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  /** Deadline of a delivery, ms. */
  readonly timeoutMs: number;
  /** Age at which a notification is given up, ms. */
  readonly giveUpMs: number;
}

export interface Deliverer {
  /** Begins with channels that have something due; they go on by themselves. */
  look(): Promise<void>;
  /** Ends what is under way: it is sent again by whoever comes next. */
  close(): Promise<void>;
}

/** Channels that are worked on at a time: one that hangs has the others wait for nothing but a place among these. */
const MOST_CHANNELS = 64;
const STORE_TIMEOUT_MS = 5_000;
/** How long a channel whose notifier no plugin has is left alone. */
const MISSING_MS = 5_000;

/** Sends what is due, channel by channel and one message of a channel after the other. */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { chance, clock, sender, store, telemetry, timeoutMs } = options;
  const ended = new AbortController();
  const working = new Map<string, Promise<void>>();
  const leaseMs = timeoutMs + 2 * STORE_TIMEOUT_MS;
  const limits = { firstMs: RETRY_FROM_MS, mostMs: RETRY_TO_MS, giveUpMs: options.giveUpMs };

  const ask = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(clock, STORE_TIMEOUT_MS, 'the database', work);

  /** Null when the gateway ends: nobody knows then what has become of it. */
  async function send(delivery: DueDelivery): Promise<{ readonly failure: SendFailure | null } | null> {
    const { channelId, notification, notifier } = delivery;
    const span = telemetry.span('notification.deliver', null, { notifier, code: notification.code });
    try {
      const failure = await sender.send(channelId, notification, ended.signal);
      if (failure !== null) span.fail(new Error(`${failure.code}: ${failure.message}`));
      return ended.signal.aborted && failure !== null ? null : { failure };
    } finally {
      span.end();
    }
  }

  function outcomeOf(delivery: DueDelivery, failure: DeliveryRefusal | null): Outcome {
    const at = clock.now();
    if (failure === null) {
      return { state: 'DELIVERED', at, failure: null, nextAttemptAt: at, heldUntil: 0 };
    }
    const attempts = { ...delivery, failures: delivery.failures + 1 };
    const { code } = failure;
    const next = afterFailure(failure, attempts, at, chance.next(), limits);
    const times = 'nextAttemptAt' in next ? next : { nextAttemptAt: at, heldUntil: 0 };
    return { at, failure: `${code}: ${failure.message}`, state: next.state, ...times };
  }

  function tell(delivery: DueDelivery, { failure, state }: Outcome): void {
    const { alerts, attempts, channelId, id, notifier } = delivery;
    telemetry.count('notification_attempts_total', { notifier, outcome: state });
    if (state === 'WAITING' || state === 'DELIVERED') {
      if (state === 'WAITING') {
        telemetry.log('debug', 'a notification is sent again later', { channelId, failure });
      }
      return;
    }
    const fields = { channelId, notification: id, notifier, alerts, attempts, failure };
    telemetry.log('error', `a notification is not delivered: ${state}`, fields);
  }

  /** True when there may be more to send. */
  async function sendNext(channelId: string): Promise<boolean> {
    const delivery = await ask((signal) => store.begin(channelId, clock.now(), leaseMs, signal));
    if (delivery === null) return false;
    const sent = await send(delivery);
    if (sent === null) return false;
    const { failure } = sent;
    if (failure?.code === 'NOT_LOADED') {
      const at = clock.now();
      const wait = { at, until: at + MISSING_MS, failure: `${failure.code}: ${failure.message}` };
      await ask((signal) => store.postpone(delivery, wait, signal));
      return false;
    }
    const outcome = outcomeOf(delivery, failure);
    await ask((signal) => store.settle(delivery, outcome, signal));
    tell(delivery, outcome);
    return true;
  }

  async function work(channelId: string): Promise<void> {
    try {
      while (!ended.signal.aborted && (await sendNext(channelId)));
    } catch (error) {
      // Its lease runs out, and whoever has it next begins again.
      telemetry.log('warn', 'the deliveries of a channel were interrupted', { channelId, error });
    } finally {
      await ask((signal) => store.release(channelId, signal)).catch(() => undefined);
    }
  }

  return {
    async look() {
      const room = MOST_CHANNELS - working.size;
      if (ended.signal.aborted || room <= 0) return;
      const ids = await ask((signal) => store.claim(clock.now(), room, leaseMs, signal));
      for (const channelId of ids) {
        const run = work(channelId).finally(() => working.delete(channelId));
        working.set(channelId, run);
      }
    },
    async close() {
      ended.abort(new Error('the gateway ends'));
      await Promise.all(working.values());
    },
  };
}
