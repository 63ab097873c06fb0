import { Random } from '@omniquant/plugin-sdk/random';

import type { LevelRow, OrderRow, QuoteRow, TickRows, TradeRow } from './tick-rows.ts';

/** Milliseconds between two steps. */
const STEP = 700;
const price = (ticks: number): number => ticks / 100;

/** A walk of the middle in ticks, the same for all kinds of ticks of a seed. */
const walk = (random: Random, steps: number): number[] => {
  let middle = 10_000;
  return Array.from({ length: steps }, () => (middle += random.integer(-2, 2)));
};

export function randomQuotes(seed: string, steps: number): Required<Pick<TickRows, 'quotes' | 'trades'>> {
  const random = Random.fromSeed('quotes', seed);
  const quotes: QuoteRow[] = [];
  const trades: TradeRow[] = [];
  walk(random, steps).forEach((middle, step) => {
    const [bid, ask] = [middle - random.integer(1, 2), middle + random.integer(0, 2)];
    const at = step * STEP + random.integer(0, 99);
    quotes.push([at, price(bid), random.integer(0, 9), price(ask), random.integer(1, 9)]);
    if (!random.chance(0.6)) return;
    const side = random.chance(0.5) ? 1 : -1;
    trades.push([at + random.integer(0, 200), price(side === 1 ? ask : bid), random.integer(1, 9), side]);
  });
  return { quotes, trades };
}

/** Messages of one or more levels, with a snapshot now and then and a gap in the numbers once. */
export function randomLevels(seed: string, steps: number): Required<Pick<TickRows, 'levels' | 'trades'>> {
  const random = Random.fromSeed('levels', seed);
  const { trades } = randomQuotes(seed, steps);
  const levels: LevelRow[] = [];
  let sequence = 0;
  walk(random, steps).forEach((middle, step) => {
    const at = step * STEP;
    sequence += step === Math.floor(steps / 3) ? 2 : 1;
    const isSnapshot = step % 40 === 0;
    if (isSnapshot) levels.push([at, 'SNAPSHOT', sequence]);
    const rows = isSnapshot ? 10 : random.integer(1, 4);
    for (let row = 0; row < rows; row += 1) {
      const side = row % 2 === 0 ? 1 : -1;
      const away = isSnapshot ? 1 + Math.floor(row / 2) : random.integer(1, 5);
      levels.push([at, side, price(middle - side * away), random.integer(isSnapshot ? 1 : 0, 20), sequence]);
    }
    // What the middle has passed is gone.
    for (const side of [1, -1] as const) levels.push([at, side, price(middle + side), 0, sequence]);
  });
  return { levels, trades };
}

interface Known {
  readonly id: number;
  readonly side: 1 | -1;
  readonly price: number;
  size: number;
}

/** A book that stays uncrossed: orders are added behind the middle and executed at the best of a side. */
export function randomOrders(seed: string, steps: number): Required<Pick<TickRows, 'orders'>> {
  const random = Random.fromSeed('orders', seed);
  const orders: OrderRow[] = [];
  const known: Known[] = [];
  let ids = 0;
  const drop = (order: Known): void => void known.splice(known.indexOf(order), 1);
  walk(random, steps).forEach((middle, step) => {
    const at = step * STEP;
    for (const side of [1, -1] as const) {
      for (const crossed of known.filter((each) => each.side === side && (each.price - middle) * side >= 0)) {
        orders.push([at, 'DELETE', crossed.id]);
        drop(crossed);
      }
      ids += 1;
      const added = {
        id: ids,
        side,
        price: middle - side * random.integer(1, 4),
        size: random.integer(1, 9),
      };
      known.push(added);
      orders.push([at, 'ADD', ids, side, price(added.price), added.size]);
      const [best] = known
        .filter((each) => each.side === side)
        .sort((a, b) => (b.price - a.price) * side || a.id - b.id);
      if (best === undefined || !random.chance(0.4)) continue;
      const size = random.integer(1, best.size);
      orders.push([at + 5, random.chance(0.7) ? 'EXECUTE' : 'REDUCE', best.id, size]);
      best.size -= size;
      if (best.size === 0) drop(best);
    }
  });
  return { orders: orders.sort(([a], [b]) => a - b) };
}
