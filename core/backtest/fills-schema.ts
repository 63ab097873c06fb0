import { z } from 'zod';

import { decimalFrom, fractionBelow, oneOf, parseSetting } from './parse-settings.ts';

/*
 * How orders are filled. `path` is the order in which a bar's prices are met: OHLC and OLHC always, ADAPTIVE meets the
 * extreme that is nearer to the open first (the high where both are as near).
 *
 * Where a symbol has quotes, trades or a book, its orders take what stands there and no more, whatever the model, and
 * what they took is gone: `replenish` says until when. Models that reckon with the volume or the range of a bar are
 * refused for such symbols, those that need a book for others.
 */

const path = z
  .enum(['ADAPTIVE', 'OHLC', 'OLHC'], { error: oneOf(['ADAPTIVE', 'OHLC', 'OLHC']) })
  .default('ADAPTIVE');
const ticks = z
  .int({ error: 'has to be a whole number of ticks' })
  .min(0, 'has to be at least 0')
  .max(1_000_000, 'has to be at most 1000000');

/** At the price of the market: all of it from a bar, as much as stands or trades there from ticks. */
const bestPrice = z.strictObject({ model: z.literal('BEST_PRICE'), path });
/** What takes is filled worse by a number of ticks, never beyond its limit. */
const slippage = z.strictObject({ model: z.literal('SLIPPAGE'), path, ticks });
/**
 * A limit that the market touches and does not trade through is filled with `touchProbability`, asked at each touch;
 * what takes is filled worse by `ticks` with `slippageProbability`. Drawn from the seed.
 */
const probabilistic = z.strictObject({
  model: z.literal('PROBABILISTIC'),
  path,
  touchProbability: fractionBelow(1).default(1),
  slippageProbability: fractionBelow(1).default(0),
  ticks: ticks.default(1),
});
/**
 * All orders of a symbol get at most `share` of a bar's volume; what is left goes on with the next bar. What takes is
 * filled worse by priceImpact x (share taken)^2 of the price.
 */
const volumeShare = z.strictObject({
  model: z.literal('VOLUME_SHARE'),
  path,
  share: decimalFrom('ABOVE_ZERO').default('0.1'),
  priceImpact: fractionBelow(10).default(0),
});
/** What takes is filled worse by coefficient x volatility of the bar x sqrt(quantity / volume of the bar). */
const squareRoot = z.strictObject({
  model: z.literal('SQUARE_ROOT_IMPACT'),
  path,
  coefficient: fractionBelow(100).default(1),
});

/**
 * What an order took of a level is there again: UPDATE, as soon as the feed shows another size there; ADDED, as far as the
 * feed adds to the level; EMPTIED, not before the level is gone. History does not know of the order, so that it shows no
 * answer to it: these go from the most to the least that anybody may hope for.
 */
const replenish = z
  .enum(['UPDATE', 'ADDED', 'EMPTIED'], { error: oneOf(['UPDATE', 'ADDED', 'EMPTIED']) })
  .default('UPDATE');
/** What takes walks the levels of an L2 or L3 book; what rests trades with what comes to its price. */
const l2Walk = z.strictObject({ model: z.literal('L2_WALK'), path, replenish });
const QUEUES = ['RISK_AVERSE', 'POWER', 'POWER_2', 'POWER_3', 'LOG', 'LOG_2'] as const;
/**
 * As L2_WALK, and an order that rests stands behind what its level showed when it came. Trades at its price bring it
 * forward; of what leaves the level otherwise the part that `queue` says was before it. `exponent` is of the POWER models.
 * It needs trades beside sizes; with single orders (L3) the places are exact and `queue` decides nothing.
 */
const queuePosition = z.strictObject({
  model: z.literal('QUEUE_POSITION'),
  path,
  replenish,
  queue: z.enum(QUEUES, { error: oneOf(QUEUES) }).default('RISK_AVERSE'),
  exponent: z
    .number({ error: 'has to be a number' })
    .gt(0, 'has to be above 0')
    .max(100, 'has to be at most 100')
    .default(1),
});
/** As L2_WALK over single orders: an order that rests has its exact place among them. */
const l3Fifo = z.strictObject({ model: z.literal('L3_FIFO'), path, replenish });

const MODELS = [
  'BEST_PRICE',
  'SLIPPAGE',
  'PROBABILISTIC',
  'VOLUME_SHARE',
  'SQUARE_ROOT_IMPACT',
  'L2_WALK',
  'QUEUE_POSITION',
  'L3_FIFO',
];
const fillsSchema = z.discriminatedUnion(
  'model',
  [bestPrice, slippage, probabilistic, volumeShare, squareRoot, l2Walk, queuePosition, l3Fifo],
  { error: oneOf(MODELS) },
);

/** @example { model: 'VOLUME_SHARE', path: 'ADAPTIVE', share: '0.05', priceImpact: 0.1 } */
export type FillSettings = z.infer<typeof fillsSchema>;
export type PathRule = FillSettings['path'];

export const BEST_PRICE: FillSettings = { model: 'BEST_PRICE', path: 'ADAPTIVE' };

/** Nothing given is the best price. Throws {@link BacktestError} BAD_USER_INPUT that names the field. */
export const parseFills = (input: unknown, field = 'fills'): FillSettings =>
  input === undefined || input === null ? BEST_PRICE : parseSetting(fillsSchema, input, field);
