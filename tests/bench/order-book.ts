import { engineOrder } from '@omniquant/venue/book/engine-order';
import { EVENT } from '@omniquant/venue/book/event-log';
import { publishL3 } from '@omniquant/venue/book/l3-publisher';
import { L3Replay } from '@omniquant/venue/book/l3-replay';
import { MatchingEngine } from '@omniquant/venue/book/matching-engine';
import { OrderBook, Side } from 'nodejs-order-book';

import { L3Messages } from '../support/venue/l3-messages.ts';
import { CANCEL, type OrderFlow, orderFlow, sendCommand } from '../support/venue/order-flow.ts';
import type { Bench, Figure } from './bench.ts';
import { median } from './median.ts';

const ROUNDS = 5;
const REFERENCE = 'nodejs-order-book 10.1.1, the same commands';

/** Of these flows about a fifth of the orders rest in the end: room for them from the start. */
const mostResting = ({ count }: OrderFlow): number => Math.ceil(count / 4);

/** Runs a whole pass several times, the first to warm up, and returns the median of things/s. */
function rate(count: number, pass: () => void): number {
  pass();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    pass();
    rates.push((count / (performance.now() - started)) * 1_000);
  }
  return median(rates);
}

/** One book, all commands; every trade is read from the events, as whoever books it would. */
function match(flow: OrderFlow): number {
  const engine = new MatchingEngine({ capacity: mostResting(flow) });
  const { events } = engine;
  const order = engineOrder({});
  let lots = 0;
  for (let at = 0; at < flow.count; at += 1) {
    sendCommand(engine, flow, at, order);
    for (let index = 0; index < events.count; index += 1) {
      if (events.kindCode(index) === EVENT.TRADE) lots += events.quantity(index);
    }
  }
  return lots;
}

/** The same lots have to trade in the other book, or the comparison means nothing. */
function matchReference(flow: OrderFlow, count: number): number {
  const book = new OrderBook();
  let lots = 0;
  for (let at = 0; at < count; at += 1) {
    const id = String(flow.ids[at]);
    if (flow.kinds[at] === CANCEL) {
      book.cancel(id);
      continue;
    }
    const size = flow.quantities[at]!;
    const side = flow.sides[at] === 0 ? Side.BUY : Side.SELL;
    const { done, partial, partialQuantityProcessed } = book.limit({
      id,
      side,
      size,
      price: flow.prices[at]!,
    });
    for (const filled of done) if (filled.id !== id) lots += filled.size;
    if (partial !== null && partial.id !== id) lots += partialQuantityProcessed;
  }
  return lots;
}

function messagesOf(flow: OrderFlow): L3Messages {
  const messages = new L3Messages(flow.count * 2);
  const engine = new MatchingEngine();
  const order = engineOrder({});
  for (let at = 0; at < flow.count; at += 1) {
    sendCommand(engine, flow, at, order);
    publishL3(engine.events, messages);
  }
  return messages;
}

/** Microseconds below which 99.9 % of single commands stay, the clock's own time included. */
function latency(flow: OrderFlow): number {
  const engine = new MatchingEngine({ capacity: mostResting(flow) });
  const order = engineOrder({});
  const times = new Float64Array(flow.count);
  for (let at = 0; at < flow.count; at += 1) {
    const started = performance.now();
    sendCommand(engine, flow, at, order);
    times[at] = performance.now() - started;
  }
  times.sort();
  return times[Math.floor(flow.count * 0.999)]! * 1_000;
}

/** One book: 60 % orders within 50 ticks of the middle, 30 % cancels, 10 % that take; then the same as L3 feed. */
export const orderBook: Bench = {
  name: 'order-book',
  async *run({ quick }): AsyncIterable<Figure> {
    const flow = orderFlow(1, quick ? 500_000 : 3_000_000);
    const compared = quick ? 50_000 : 300_000;
    const few = { ...flow, count: compared };
    if (match(few) !== matchReference(flow, compared)) throw new Error('the two books trade different lots');
    const theirs = rate(compared, () => matchReference(flow, compared));
    const ours = rate(flow.count, () => match(flow));
    yield { name: 'nodejs-order-book', value: theirs, unit: 'commands/s', ratio: null, reference: null };
    yield { name: 'matching', value: ours, unit: 'commands/s', ratio: ours / theirs, reference: REFERENCE };
    const messages = messagesOf(flow);
    const replayed = rate(messages.count, () => {
      const replay = new L3Replay(mostResting(flow));
      for (let at = 0; at < messages.count; at += 1) messages.send(at, replay);
    });
    yield {
      name: 'l3-replay',
      value: replayed,
      unit: 'messages/s',
      ratio: replayed / theirs,
      reference: REFERENCE,
    };
    const p999 = latency(flow);
    const scope = 'of one command, seen after the warm-up above';
    yield { name: 'p99.9', value: p999, unit: 'µs', ratio: null, reference: scope };
  },
};
