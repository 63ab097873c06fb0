import { type Waiting, within } from './naive-orders.ts';

interface Outcome {
  readonly price: number;
  readonly volume: number;
}

/** The price of an auction, tried at every limit: most volume, least surplus, pressure, reference. */
export function naiveAuctionPrice(all: readonly Waiting[], reference: number): Outcome {
  const orders = all.filter(({ allOrNone }) => !allOrNone);
  const lotsAt = (side: string, price: number): number =>
    orders.reduce(
      (sum, order) => (order.side === side && within(order, price) ? sum + order.leaves : sum),
      0,
    );
  const volumeAt = (price: number): number => Math.min(lotsAt('BUY', price), lotsAt('SELL', price));
  const surplusAt = (price: number): number => lotsAt('BUY', price) - lotsAt('SELL', price);

  const limits = [...new Set(orders.filter(({ type }) => type === 'LIMIT').map(({ price }) => price))];
  limits.sort((a, b) => a - b);
  const most = Math.max(0, ...limits.map(volumeAt));
  if (most === 0) return { price: reference, volume: volumeAt(reference) };
  const withMost = limits.filter((price) => volumeAt(price) === most);
  const least = Math.min(...withMost.map((price) => Math.abs(surplusAt(price))));
  const best = withMost.filter((price) => Math.abs(surplusAt(price)) === least);
  const highest = Math.max(...best);
  const lowest = Math.min(...best);
  if (best.every((price) => surplusAt(price) > 0)) return { price: highest, volume: most };
  if (best.every((price) => surplusAt(price) < 0)) return { price: lowest, volume: most };
  const bought = best.filter((price) => surplusAt(price) > 0);
  const sold = best.filter((price) => surplusAt(price) < 0);
  const floor = bought.length > 0 ? Math.max(...bought) : lowest;
  const ceiling = sold.length > 0 ? Math.min(...sold) : highest;
  return { price: Math.max(floor, Math.min(ceiling, reference)), volume: most };
}
