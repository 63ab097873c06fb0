import { NaiveBook } from './naive-book.ts';
import { reaches, type Waiting, within } from './naive-orders.ts';

/** What an order does that works now: it trades, rests or ends. */
export function work(book: NaiveBook, order: Waiting): void {
  const rests = order.type === 'LIMIT' && order.timeInForce === 'GTC';
  if (order.postOnly !== 'NO' && book.crosses(order)) {
    if (order.postOnly === 'REJECT') {
      book.reject(order, 'WOULD_TAKE');
      return;
    }
    const best = book.others(order)[0]?.price ?? NaN;
    book.rest({ ...order, price: order.side === 'BUY' ? best - 1 : best + 1 });
    return;
  }
  const lots = rehearsed(book, order);
  if ((order.allOrNone || order.timeInForce === 'FOK') && lots < order.leaves) {
    if (rests) {
      book.rest(order);
      return;
    }
    book.end(order, 'NOT_WHOLE');
    return;
  }
  if (lots < order.minimum) {
    book.end(order, 'MINIMUM_NOT_MET');
    return;
  }
  take(book, order);
  if (order.leaves === 0) return;
  if (rests) book.rest(order);
  else book.end(order, 'NO_COUNTERPARTY');
}

/** Makes the stop orders work that the prices traded at have set off, one after another. */
export function setOff(book: NaiveBook, isNew: boolean): void {
  const { state } = book;
  if (state.phase !== 'CONTINUOUS') return;
  if (isNew && !Number.isNaN(state.last)) book.touched.push(state.last);
  for (;;) {
    const due = state.stops.filter((order) => book.touched.some((price) => reaches(order, price)));
    const nearest = (a: Waiting, b: Waiting): number =>
      a.side === 'BUY' ? a.stop - b.stop : b.stop - a.stop;
    const buys = due.filter(({ side }) => side === 'BUY').sort(nearest);
    const [order] = [...buys, ...due.filter(({ side }) => side === 'SELL').sort(nearest)];
    if (order === undefined) break;
    book.drop(order);
    const { stop, leaves } = order;
    book.add('TRIGGERED', order, { price: stop, quantity: leaves, leaves });
    work(book, { ...order, type: order.type === 'STOP' ? 'MARKET' : 'LIMIT' });
  }
  book.touched = [];
}

function take(book: NaiveBook, order: Waiting): void {
  const passed = new Set<number>();
  while (order.leaves > 0) {
    const maker = book.others(order).find(({ id }) => !passed.has(id));
    if (maker === undefined || !within(order, maker.price)) return;
    if (order.owner !== 0 && maker.owner === order.owner && order.selfTrade !== 'ALLOW') {
      meetOwn(book, order, maker);
      passed.add(maker.id);
    } else if (maker.allOrNone && maker.leaves > order.leaves) passed.add(maker.id);
    else trade(book, order, maker);
  }
}

function trade(book: NaiveBook, order: Waiting, maker: Waiting): void {
  const lots = Math.min(order.leaves, maker.shown);
  order.leaves -= lots;
  maker.leaves -= lots;
  book.record(order, maker, maker.price, lots);
  book.add('TRADE', order, {
    otherId: maker.id,
    price: maker.price,
    quantity: lots,
    leaves: order.leaves,
    otherLeaves: maker.leaves,
    detail: book.state.trades.length,
  });
  book.afterFill(maker, lots);
}

function meetOwn(book: NaiveBook, order: Waiting, maker: Waiting): void {
  const both = Math.min(order.leaves, maker.leaves);
  const mode = order.selfTrade;
  const endsTaker = mode === 'CANCEL_NEWEST' || mode === 'CANCEL_BOTH';
  const endsMaker = mode === 'CANCEL_OLDEST' || mode === 'CANCEL_BOTH';
  const ofTaker = mode === 'DECREMENT_AND_CANCEL' ? both : endsTaker ? order.leaves : 0;
  const ofMaker = mode === 'DECREMENT_AND_CANCEL' ? both : endsMaker ? maker.leaves : 0;
  const before = maker.shown;
  maker.leaves -= ofMaker;
  maker.shown = Math.min(maker.shown, maker.leaves);
  if (maker.leaves === 0) book.drop(maker);
  const reason = 'SELF_TRADE';
  if (ofMaker > 0) {
    book.add(maker.leaves === 0 ? 'CANCELED' : 'REDUCED', maker, {
      price: maker.price,
      quantity: ofMaker,
      leaves: maker.leaves,
      otherLeaves: before - maker.shown,
      reason,
    });
  }
  order.leaves -= ofTaker;
  const price = order.type === 'MARKET' ? 0 : order.price;
  const change = { price, quantity: ofTaker, leaves: order.leaves, reason } as const;
  if (ofTaker > 0) book.add(order.leaves === 0 ? 'CANCELED' : 'REDUCED', order, change);
}

/** What an order would trade: it is tried out on a copy. */
function rehearsed(book: NaiveBook, order: Waiting): number {
  const copy = new NaiveBook();
  copy.state = structuredClone(book.state);
  take(copy, { ...order });
  return copy.events.reduce((sum, { kind, quantity }) => (kind === 'TRADE' ? sum + quantity : sum), 0);
}
