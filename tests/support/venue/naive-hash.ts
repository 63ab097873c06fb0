import { flagsOf } from '@omniquant/venue/book/order-flags';
import { StateHash } from '@omniquant/venue/book/state-hash';

import type { NaiveState } from './naive-book.ts';
import { better, type Waiting } from './naive-orders.ts';

/** The state hash of the engine, from the lists of the naive one. */
export function naiveHash({ resting, stops, opening, closing, last, trades, phase }: NaiveState): string {
  const hash = new StateHash();
  for (const side of ['BUY', 'SELL']) {
    addAll(
      hash,
      resting.filter((order) => order.side === side),
    );
  }
  for (const side of ['SELL', 'BUY']) {
    const waiting = stops.filter((order) => order.side === side);
    waiting.sort((a, b) => (side === 'SELL' ? b.stop - a.stop : a.stop - b.stop));
    for (const order of waiting) {
      addOrder(hash, order, order.stop, order.leaves, flagsOf(order) ^ 1);
      hash.add(order.price);
      hash.add(order.minimum);
    }
    hash.add(new Set(waiting.map(({ stop }) => stop)).size);
  }
  for (const list of [opening, closing]) {
    for (const type of ['LIMIT', 'MARKET']) {
      for (const side of ['BUY', 'SELL']) {
        const waiting = list.filter((order) => order.type === type && order.side === side);
        addAll(
          hash,
          waiting.map((order) => ({
            ...order,
            price: type === 'MARKET' ? 0 : order.price,
            shown: Math.min(order.display || order.leaves, order.leaves),
          })),
        );
      }
    }
  }
  hash.add(last);
  hash.add(trades.length);
  hash.add(['CONTINUOUS', 'OPENING', 'CLOSING'].indexOf(phase));
  return hash.digest();
}

function addAll(hash: StateHash, orders: Waiting[]): void {
  orders.sort(better);
  for (const order of orders) addOrder(hash, order, order.price, order.shown, flagsOf(order));
  hash.add(new Set(orders.map(({ price }) => price)).size);
}

function addOrder(hash: StateHash, order: Waiting, price: number, shown: number, flags: number): void {
  const { id, leaves, display, owner } = order;
  for (const value of [id, price, leaves, shown, display, owner, flags]) hash.add(value);
}
