import { NotifierError } from './notifier.ts';

/**
 * What ends deliveries from outside, and how long each may take.
 * @see {@link createDeliveries}
 */
export interface DeliveriesOptions {
  /** That of the context. */
  readonly signal: AbortSignal;
  /** Deadline of each delivery, ms. */
  readonly timeoutMs: number;
}

/**
 * The deliveries of one connection that are under way: each has a deadline, and closing ends them all.
 * @see {@link createDeliveries}
 */
export interface Deliveries {
  /**
   * Runs one with a signal that joins the caller's, the deadline and the end of the connection.
   * @throws {@link NotifierError} UNREACHABLE when one of these ended it, and otherwise what `deliver` throws.
   */
  run(deliver: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Resolves when the last of them has ended. */
  close(): Promise<void>;
}

/**
 * Keeps the deliveries of a notifier, for receivers that are not reached over HTTP: {@link createNotifierEndpoint} has
 * it built in.
 * @example
 * ```ts
 * declare function send(notification: Notification, signal: AbortSignal): Promise<void>;
 *
 * function connect({ signal: stopped }: Context): Notifier {
 *   const deliveries = createDeliveries({ signal: stopped, timeoutMs: 10_000 });
 *   return {
 *     notify: (notification, signal) => deliveries.run((joined) => send(notification, joined), signal),
 *     close: () => deliveries.close(),
 *   };
 * }
 * ```
 */
export function createDeliveries({ signal: stopped, timeoutMs }: DeliveriesOptions): Deliveries {
  const closed = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function deliverOnce(
    deliver: (signal: AbortSignal) => Promise<void>,
    caller: AbortSignal,
  ): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const joined = AbortSignal.any([caller, stopped, closed.signal, deadline]);
    try {
      joined.throwIfAborted();
      await deliver(joined);
    } catch (cause) {
      // What the receiver had already answered says more than that time was up.
      if (!joined.aborted || cause instanceof NotifierError) throw cause;
      const why = caller.aborted
        ? 'the delivery was aborted'
        : closed.signal.aborted || stopped.aborted
          ? 'the notifier was closed'
          : `there was no answer within ${timeoutMs} ms`;
      throw new NotifierError('UNREACHABLE', why, { cause: joined.reason });
    }
  }

  return {
    async run(deliver, signal) {
      const delivery = deliverOnce(deliver, signal);
      underWay.add(delivery);
      try {
        await delivery;
      } finally {
        underWay.delete(delivery);
      }
    },
    async close() {
      closed.abort(new Error('the notifier was closed'));
      await Promise.allSettled(underWay);
    },
  };
}
