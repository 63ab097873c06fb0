import { NONE } from '@omniquant/venue/book/growing';
import type { PriceLadder } from '@omniquant/venue/book/price-ladder';

/** The best price of a ladder, or `none`. */
export const bestIn = ({ best, levels }: PriceLadder, none: number): number =>
  best === NONE ? none : levels.price[best]!;

export const lotsIn = (ladder: PriceLadder, price: number): number => {
  const level = ladder.find(price);
  return level === NONE ? 0 : ladder.levels.shown[level]!;
};

/** The next price behind one; NaN behind the last. */
export const behindIn = (ladder: PriceLadder, price: number): number => {
  const level = ladder.behind(price);
  return level === NONE ? NaN : ladder.levels.price[level]!;
};
