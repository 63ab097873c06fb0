import type { OrderSide } from '@omniquant/plugin-sdk';
import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import type { Random } from '@omniquant/plugin-sdk/random';

import type { FillSettings } from './fills-schema.ts';

/** The bar that orders trade in, in ticks and lots. */
export interface FillBar {
  /** Null where it is not known: nothing is limited by it then, and nothing has an impact. */
  readonly volume: number | null;
  /** High less low. */
  readonly range: number;
  /** Lots that all orders have traded in it so far. */
  readonly taken: number;
}

/** Lots that would trade at a price of the path. */
export interface FillRequest {
  readonly side: OrderSide;
  /** MAKER: it has rested at `price`, and the market has come to it. TAKER: it trades with the market at `price`. */
  readonly liquidity: 'MAKER' | 'TAKER';
  readonly price: number;
  /** At least one. */
  readonly wanted: number;
  /** The market has gone beyond the price of an order that rested. */
  readonly isThrough: boolean;
  readonly bar: FillBar;
}

/** The one hook of fill models: how much of a request trades, and how many ticks worse than its price. */
export interface FillModel {
  /** Lots of the bar that are left for all orders together. */
  left(bar: FillBar): number;
  /** Lots that trade, at most `wanted`. */
  lots(request: FillRequest): number;
  /** Whole ticks by which what takes is worse off; orders that rested trade at their price. */
  worseBy(request: FillRequest): number;
}

type Of<M extends FillSettings['model']> = Extract<FillSettings, { model: M }>;

const bestPrice: FillModel = {
  left: () => Number.MAX_SAFE_INTEGER,
  lots: ({ wanted }) => wanted,
  worseBy: () => 0,
};

/** Chance is asked only where it decides something, so that the settings 0 and 1 draw nothing. */
const probabilistic = (
  { slippageProbability, ticks, touchProbability }: Of<'PROBABILISTIC'>,
  random: Random,
): FillModel => ({
  ...bestPrice,
  lots: ({ isThrough, liquidity, wanted }) =>
    liquidity === 'TAKER' || isThrough || random.chance(touchProbability) ? wanted : 0,
  worseBy: () => (random.chance(slippageProbability) ? ticks : 0),
});

/**
 * The model of zipline's VolumeShareSlippage: of a bar with volume V at most share x V trades, and what has traded up to
 * and with this order, x, moves its price by priceImpact x (x / V)^2 of it.
 */
const volumeShare = ({ priceImpact, share }: Of<'VOLUME_SHARE'>): FillModel => {
  const fraction = toNumber(parseDecimal(share));
  const left = ({ taken, volume }: FillBar): number =>
    volume === null ? Number.MAX_SAFE_INTEGER : Math.max(0, Math.floor(volume * fraction) - taken);
  return {
    left,
    lots: ({ bar, wanted }) => Math.min(wanted, left(bar)),
    worseBy: ({ bar: { taken, volume }, price, wanted }) => {
      if (volume === null || volume === 0) return 0;
      const part = Math.min(1, (taken + wanted) / volume);
      return Math.round(price * priceImpact * part * part);
    },
  };
};

/** Standard deviation over range of a Brownian motion: 1 / (2 sqrt(ln 2)), Parkinson (1980), J. of Business 53. */
const PARKINSON = 0.600561204393225;

/**
 * The square-root law of market impact: Y sigma sqrt(Q / V), with sigma the volatility and V the volume of the same span
 * of time, here of the bar. Almgren, Thum, Hauptmann and Li (2005), "Direct estimation of equity market impact"; Toth et
 * al. (2011), Phys. Rev. X 1, 021006, find Y near 1. Q is what all orders have traded in the bar up to and with this one.
 */
const squareRoot = ({ coefficient }: Of<'SQUARE_ROOT_IMPACT'>): FillModel => ({
  ...bestPrice,
  worseBy: ({ bar: { range, taken, volume }, wanted }) =>
    volume === null || volume === 0
      ? 0
      : Math.round(coefficient * PARKINSON * range * Math.sqrt((taken + wanted) / volume)),
});

/** `random` is the run's own, for models that ask chance. */
export const createFillModel = (settings: FillSettings, random: Random): FillModel => {
  switch (settings.model) {
    case 'BEST_PRICE':
    case 'L2_WALK':
    case 'QUEUE_POSITION':
    case 'L3_FIFO':
      // Of a book the liquidity itself says how much there is: see ticks/create-liquidity.ts.
      return bestPrice;
    case 'SLIPPAGE':
      return { ...bestPrice, worseBy: () => settings.ticks };
    case 'PROBABILISTIC':
      return probabilistic(settings, random);
    case 'VOLUME_SHARE':
      return volumeShare(settings);
    case 'SQUARE_ROOT_IMPACT':
      return squareRoot(settings);
  }
};
