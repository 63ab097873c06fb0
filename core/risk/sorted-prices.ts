import type { Fixed } from '@omniquant/plugin-sdk/decimal';

/** Where a price is, or would have to go, in an ascending list. */
const indexOf = (prices: readonly Fixed[], price: Fixed): number => {
  let low = 0;
  let high = prices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (prices[middle]! < price) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Adds a price to an ascending list, in place; equal prices stand side by side. */
export const insertSorted = (prices: Fixed[], price: Fixed): void => {
  prices.splice(indexOf(prices, price), 0, price);
};

/** Takes one entry of a price out of an ascending list, in place. */
export const removeSorted = (prices: Fixed[], price: Fixed): void => {
  const index = indexOf(prices, price);
  if (prices[index] === price) prices.splice(index, 1);
};
