import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import type { PriceLadder } from './price-ladder.ts';

/** What an auction would come to. */
export interface AuctionResult {
  /** Ticks; null when nothing can trade. */
  readonly price: number | null;
  /** Lots that trade. */
  readonly volume: number;
  /** Lots that want to trade at the price and find nobody: above 0 to buy, below 0 to sell. */
  readonly surplus: number;
}

/** A limit with what could be bought and sold there. */
interface Candidate {
  readonly price: number;
  readonly volume: number;
  readonly surplus: number;
}

interface Limit {
  readonly price: number;
  readonly lots: number;
}

const NOTHING: AuctionResult = { price: null, volume: 0, surplus: 0 };

/**
 * The price of an auction by the rule of the Xetra market model (Deutsche Börse, "Market Model for the
 * Trading Venue Xetra", price determination in auctions): of all limits in the book
 *
 * 1. the one at which most trades;
 * 2. of several, the one with the least surplus;
 * 3. of several, the highest if all of them have a surplus to buy, the lowest if all have one to sell;
 * 4. otherwise the reference price, as far as it lies between them: with surpluses to buy and to sell,
 *    between the highest of the former and the lowest of the latter.
 *
 * Where market orders meet market orders only, it is the reference price. Hidden parts take part;
 * all-or-none orders do not. An auction allocates.
 *
 * @param markets Market orders, on both sides.
 * @param reference Ticks; usually the last price.
 */
export function auctionPrice(
  book: LimitOrderBook,
  markets: LimitOrderBook,
  reference: number,
): AuctionResult {
  const bids = limitsOf(book.bids);
  const asks = limitsOf(book.asks);
  const marketBids = limitsOf(markets.bids)[0]?.lots ?? 0;
  const marketAsks = limitsOf(markets.asks)[0]?.lots ?? 0;
  const candidates = candidatesOf(bids, asks, marketBids, marketAsks);
  const best = bestOf(candidates);
  if (best.length === 0) {
    const volume = Math.min(marketBids, marketAsks);
    if (volume === 0) return NOTHING;
    return { price: reference, volume, surplus: marketBids - marketAsks };
  }
  const price = chosen(best, reference);
  const demand = marketBids + sumOf(bids, (limit) => limit >= price);
  const supply = marketAsks + sumOf(asks, (limit) => limit <= price);
  return { price, volume: Math.min(demand, supply), surplus: demand - supply };
}

/** The limits of a side with the lots that may trade, the best first. */
function limitsOf(ladder: PriceLadder): Limit[] {
  const { levels } = ladder;
  const limits: Limit[] = [];
  for (let level = ladder.best; level !== NONE;) {
    const price = levels.price[level]!;
    const lots = levels.leaves[level]! - levels.wholeOnly[level]!;
    if (lots > 0) limits.push({ price, lots });
    level = ladder.behind(price);
  }
  return limits;
}

const sumOf = (limits: readonly Limit[], counts: (price: number) => boolean): number =>
  limits.reduce((sum, { price, lots }) => (counts(price) ? sum + lots : sum), 0);

/** All limits, the lowest first, with demand and supply summed up to them. */
function candidatesOf(
  bids: readonly Limit[],
  asks: readonly Limit[],
  marketBids: number,
  marketAsks: number,
): Candidate[] {
  const prices = [...new Set([...bids, ...asks].map(({ price }) => price))].sort((a, b) => a - b);
  const rising = bids.toReversed();
  let demand = marketBids + sumOf(bids, () => true);
  let supply = marketAsks;
  let nextBid = 0;
  let nextAsk = 0;
  return prices.map((price) => {
    for (; nextBid < rising.length && rising[nextBid]!.price < price; nextBid += 1) {
      demand -= rising[nextBid]!.lots;
    }
    for (; nextAsk < asks.length && asks[nextAsk]!.price <= price; nextAsk += 1) {
      supply += asks[nextAsk]!.lots;
    }
    return { price, volume: Math.min(demand, supply), surplus: demand - supply };
  });
}

/** Those with most volume, of them those with the least surplus; none where nothing trades. */
function bestOf(candidates: readonly Candidate[]): Candidate[] {
  const volume = candidates.reduce((most, candidate) => Math.max(most, candidate.volume), 0);
  if (volume === 0) return [];
  const most = candidates.filter((candidate) => candidate.volume === volume);
  const surplus = most.reduce((least, candidate) => Math.min(least, Math.abs(candidate.surplus)), Infinity);
  return most.filter((candidate) => Math.abs(candidate.surplus) === surplus);
}

function chosen(best: readonly Candidate[], reference: number): number {
  const lowest = best[0]!.price;
  const highest = best.at(-1)!.price;
  if (best.every(({ surplus }) => surplus > 0)) return highest;
  if (best.every(({ surplus }) => surplus < 0)) return lowest;
  const floor = best.findLast(({ surplus }) => surplus > 0)?.price ?? lowest;
  const ceiling = best.find(({ surplus }) => surplus < 0)?.price ?? highest;
  return Math.min(Math.max(reference, floor), ceiling);
}
