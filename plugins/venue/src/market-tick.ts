import { type BarPath, stepHash } from './bar-path.ts';

/** The market at one step: a trade and the quote around it. Prices in ticks, sizes and volume in lots. */
export interface MarketTick {
  /** Epoch ms of market time. */
  readonly at: number;
  /** 0 where no trades are known. */
  readonly last: number;
  /** Traded at `last` in this step; 0 when nothing traded. */
  readonly volume: number;
  /** 0, and Infinity for the ask, where nobody bids or asks. */
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
}

export interface QuoteShape {
  /** Average distance of bid and ask, as a fraction of the price; it is at least one tick. */
  readonly spread: number;
  /** Quoted sizes are multiples of it where trading is brisk enough. */
  readonly sizeStep: number;
}

const UINT32 = 2 ** 32;
const SPREAD = 1;
const SIDE = 2;
const BID_SIZE = 3;
const ASK_SIZE = 4;

/** The trade and quote at a step of a path: the trade was at the bid or at the ask. */
export const tickAt = (path: BarPath, step: number, at: number, shape: QuoteShape): MarketTick => {
  const last = path.prices[step] ?? 1;
  const draw = (salt: number): number => stepHash(path, step, salt) / UINT32;
  const width = Math.max(1, Math.round(last * shape.spread * (0.5 + draw(SPREAD))));
  const atAsk = draw(SIDE) < 0.5;
  const bid = Math.max(1, atAsk ? last - width : last);
  const size = (fraction: number): number => {
    const lots = path.typicalVolume * (0.5 + 2.5 * fraction);
    const step = lots >= shape.sizeStep ? shape.sizeStep : 1;
    return Math.max(1, Math.ceil(lots / step)) * step;
  };
  return {
    at,
    last,
    volume: path.volumes[step] ?? 0,
    bid,
    ask: atAsk ? Math.max(last, bid + 1) : last + width,
    bidSize: size(draw(BID_SIZE)),
    askSize: size(draw(ASK_SIZE)),
  };
};
