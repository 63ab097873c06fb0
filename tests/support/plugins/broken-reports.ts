/** Brokers whose reports are broken: events of orders, fills, and what they answer when they are asked. */
import type { BrokerEvent } from '@omniquant/plugin-sdk';

import { broken, passing, telling } from './broker-fault.ts';

/** Keeps what the stream says of an order until its answer is there. */
export const waitsForAnswers = (() => {
  const waiting = new Map<string, BrokerEvent[]>();
  return broken({
    sink: (sink) => ({
      ...passing(sink),
      event(event) {
        const kept = 'venueOrderId' in event ? waiting.get(event.venueOrderId ?? '') : undefined;
        if (kept === undefined) sink.event(event);
        else kept.push(event);
      },
    }),
    broker: (inner, _ctx, sink) => ({
      async submit(order, signal) {
        waiting.set(order.venueOrderId, []);
        const outcome = await inner.submit(order, signal);
        const kept = waiting.get(order.venueOrderId) ?? [];
        waiting.delete(order.venueOrderId);
        for (const event of kept) sink.event(event);
        return outcome;
      },
    }),
  });
})();

/** Takes an execution with an older number for one that it knows. */
export const dropsOlderFills = broken({
  sink: (sink) => {
    let last = 0;
    return {
      ...passing(sink),
      event(event) {
        if (event.kind === 'filled' && Number(event.cursor) < last) return;
        if (event.kind === 'filled') last = Number(event.cursor);
        sink.event(event);
      },
    };
  },
});

export const cancelsInItsHead = broken({
  broker: (inner, ctx, sink) => ({
    async cancel(request, signal) {
      const outcome = await inner.cancel(request, signal);
      if (outcome.kind === 'unknown') {
        const { account, venueOrderId } = request;
        const told = { account, venueOrderId, brokerOrderId: request.brokerOrderId ?? '', at: ctx.now() };
        sink.event({ ...told, kind: 'canceled', reason: null });
      }
      return outcome;
    },
  }),
});

export const replacesUnderTheOldId = telling((event) =>
  event.kind === 'replaced' ? { ...event, venueOrderId: 'old' } : event,
);

/** What it does not know it takes for the end of the order. */
export const guessesStatuses = broken({
  sink: (sink, ctx) => {
    const { warn } = ctx.log;
    ctx.log.warn = (message, fields) => {
      warn(message, fields);
      if (fields?.['type'] === 'order') {
        const told = { account: 'account-1', venueOrderId: null, brokerOrderId: '1', at: 0 };
        sink.event({ ...told, kind: 'canceled', reason: 'unknown status' });
      }
    };
    return sink;
  },
});

export const ignoresBusts = telling((event) => (event.kind === 'busted' ? null : event));

export const hidesForeignOrders = broken({
  broker: (inner) => ({
    openOrders: async (account, signal) =>
      (await inner.openOrders(account, signal)).filter(({ venueOrderId }) => venueOrderId !== null),
  }),
});

const rounded = (amount: string): string => String(Number(amount));

export const countsInFloats = telling((event) =>
  event.kind === 'filled'
    ? { ...event, quantity: rounded(event.quantity), price: rounded(event.price) }
    : event,
);

export const tellsSeconds = telling((event) =>
  event.kind === 'filled' ? { ...event, at: Math.round(event.at / 1_000) } : event,
);

export const readsOnePage = broken({
  broker: (inner) => ({
    async fillsSince(account, cursor, signal) {
      const { events, cursor: next } = await inner.fillsSince(account, cursor, signal);
      return { events: events.slice(0, 4), cursor: next };
    },
  }),
});

export const failureIsNothing = broken({
  broker: (inner) => ({ lookup: (...args) => inner.lookup(...args).catch(() => null) }),
});

export const failureIsEmpty = broken({
  broker: (inner) => ({ openOrders: (...args) => inner.openOrders(...args).catch(() => []) }),
});

export const ignoresSignals = broken({
  broker: (inner, ctx) => ({ positions: (account) => inner.positions(account, ctx.signal) }),
});
