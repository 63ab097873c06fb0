/** Brokers whose requests are broken: what they send, how often, and what they say has become of it. */
import { answering, broken } from './broker-fault.ts';

export const queuesWhileDown = broken({
  broker: (inner, { signal: life }) => {
    let isClosed = false;
    return {
      async submit(order, signal) {
        const outcome = await inner.submit(order, signal);
        if (outcome.kind === 'notSent' && !isClosed && outcome.reason.includes('stream')) {
          const timer = setInterval(() => {
            if (life.aborted) clearInterval(timer);
            void inner.submit(order, life).then(({ kind }) => {
              if (kind !== 'notSent') clearInterval(timer);
            });
          }, 5);
        }
        return outcome;
      },
      close() {
        isClosed = true;
        return inner.close();
      },
    };
  },
});

export const hidesReasons = answering((outcome) =>
  outcome.kind === 'rejected' && outcome.code === 'INSUFFICIENT_FUNDS'
    ? { ...outcome, message: 'rejected' }
    : outcome,
);

export const timeoutIsNotSent = answering((outcome, signal) =>
  outcome.kind === 'unknown' && signal.aborted ? { kind: 'notSent', reason: 'timeout' } : outcome,
);

/** An order that may have landed is called refused. */
export const errorIsRejected = answering((outcome, signal) =>
  outcome.kind === 'unknown' && !signal.aborted
    ? { kind: 'rejected', code: 'OTHER', message: outcome.reason, at: 0 }
    : outcome,
);

export const triesAgain = broken({
  broker: (inner) => ({
    async submit(order, signal) {
      const outcome = await inner.submit(order, signal);
      return outcome.kind === 'unknown' && !signal.aborted ? inner.submit(order, signal) : outcome;
    },
  }),
});

export const sendsLater = broken({
  broker: (inner, ctx) => ({
    async submit(order, signal) {
      const outcome = await inner.submit(order, signal);
      // In the background, when the deadline is over: the order comes when nobody expects it.
      if (outcome.kind === 'unknown' && signal.aborted) {
        const timer = setInterval(() => {
          void inner.lookup(order.account, order.venueOrderId, ctx.signal).then(
            (found) => {
              clearInterval(timer);
              if (found === null) void inner.submit(order, ctx.signal);
            },
            () => undefined,
          );
        }, 5);
        ctx.signal.addEventListener('abort', () => {
          clearInterval(timer);
        });
      }
      return outcome;
    },
  }),
});

/** What is taken for the same order may be another. */
export const adoptsAnything = answering((outcome) =>
  outcome.kind === 'rejected' && outcome.code === 'DUPLICATE_ORDER_ID'
    ? { kind: 'accepted', brokerOrderId: '1', at: outcome.at }
    : outcome,
);

export const limitsCancels = broken({
  broker: (inner) => {
    let isLimited = false;
    return {
      async submit(order, signal) {
        const outcome = await inner.submit(order, signal);
        isLimited = outcome.kind === 'rejected' && outcome.code === 'RATE_LIMITED' ? true : isLimited;
        if (outcome.kind === 'accepted') isLimited = false;
        return outcome;
      },
      cancel: (request, signal) =>
        isLimited
          ? Promise.resolve({ kind: 'notSent', reason: 'too many requests' })
          : inner.cancel(request, signal),
    };
  },
});

export const stopsAreLimits = broken({
  broker: (inner) => ({
    submit: (order, signal) =>
      inner.submit(order.type === 'STOP' ? { ...order, type: 'LIMIT' } : order, signal),
  }),
});
