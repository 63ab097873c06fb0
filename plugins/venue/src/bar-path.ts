import { mix, Random } from '@omniquant/plugin-sdk/random';

import { bellOf } from './bell.ts';

/** A bar with prices in ticks and volume in lots; null volume is unknown. */
export interface GridBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
}

/** Prices and volumes through a bar: step 0 trades at the open, the last step at the close. */
export interface BarPath {
  readonly steps: number;
  /** Identifies the path: what else is drawn for its steps derives from it. */
  readonly seed: number;
  /** Price of the trade at each step, ticks. */
  readonly prices: Float64Array;
  /** Lots traded at each step; all zero when the bar's volume is unknown. */
  readonly volumes: Float64Array;
  /** Lots that a step trades on average; a default where the volume is unknown. */
  readonly typicalVolume: number;
}

export interface BarPathOptions {
  readonly bar: GridBar;
  /** How many trades the bar is made of; at least 4, so that each of its prices is met. */
  readonly steps: number;
  readonly seed: number;
  /** Volumes are multiples of it where the bar's volume is. */
  readonly lotsPerUnit: number;
}

interface Anchor {
  readonly step: number;
  readonly price: number;
}

const DEFAULT_UNITS = 500;
/** Share of the bar's range that the path wanders by between its anchors. */
const ROUGHNESS = 0.9;
/** A rising bar mostly met its low first, a falling one its high. */
const USUAL_ORDER = 0.75;

/**
 * A path through the open, high, low and close of a bar, the same for the same seed. Which of high and
 * low comes first depends on the shape of the bar and the seed; between these anchors the price
 * wanders within the bar's range. Volume is heavier near both ends, as in a trading day.
 */
export const barPath = (options: BarPathOptions): BarPath => {
  const { bar, steps, seed, lotsPerUnit } = options;
  const random = Random.fromSeed('path', seed);
  const prices = new Float64Array(steps);
  const anchors = anchorsOf(bar, steps, random);
  const deviation = ((bar.high - bar.low) / Math.sqrt(steps)) * ROUGHNESS;
  for (const [index, from] of anchors.entries()) {
    const to = anchors[index + 1];
    if (to !== undefined) bridge(prices, from, to, deviation, bar, random);
    else prices[from.step] = from.price;
  }
  return {
    steps,
    seed,
    prices,
    volumes: volumesOf(bar.volume ?? 0, steps, lotsPerUnit, random),
    typicalVolume: Math.max(
      1,
      bar.volume === null ? DEFAULT_UNITS * lotsPerUnit : Math.round(bar.volume / steps),
    ),
  };
};

/** A number that belongs to a step of a path; `salt` tells apart what is drawn for the same step. */
export const stepHash = (path: BarPath, step: number, salt: number): number =>
  mix(path.seed ^ mix(Math.imul(step + 1, 0x9e3779b1) ^ salt));

const anchorsOf = (bar: GridBar, steps: number, random: Random): Anchor[] => {
  const last = steps - 1;
  const lowFirst = random.chance(bar.close >= bar.open ? USUAL_ORDER : 1 - USUAL_ORDER);
  const first = random.integer(1, Math.max(1, last - 2));
  const second = random.integer(first + 1, last - 1);
  return [
    { step: 0, price: bar.open },
    { step: first, price: lowFirst ? bar.low : bar.high },
    { step: second, price: lowFirst ? bar.high : bar.low },
    { step: last, price: bar.close },
  ];
};

/** A random walk that ends at `to`, reflected at the bar's high and low. */
const bridge = (
  prices: Float64Array,
  from: Anchor,
  to: Anchor,
  deviation: number,
  { high, low }: GridBar,
  random: Random,
): void => {
  prices[from.step] = from.price;
  let price = from.price;
  for (let step = from.step + 1; step < to.step; step += 1) {
    const left = to.step - step + 1;
    const drift = (to.price - price) / left;
    price += drift + deviation * Math.sqrt((left - 1) / left) * bellOf(random.uint32());
    if (price > high) price = Math.max(low, 2 * high - price);
    if (price < low) price = Math.min(high, 2 * low - price);
    prices[step] = Math.round(price);
  }
};

/** Splits a volume so that the parts add up to it exactly. */
const volumesOf = (volume: number, steps: number, lotsPerUnit: number, random: Random): Float64Array => {
  const volumes = new Float64Array(steps);
  if (volume === 0) return volumes;
  const unit = volume % lotsPerUnit === 0 ? lotsPerUnit : 1;
  const units = volume / unit;
  const weights = new Float64Array(steps);
  let total = 0;
  for (let step = 0; step < steps; step += 1) {
    const fromMiddle = (2 * step) / (steps - 1) - 1;
    const weight = (0.6 + 1.4 * fromMiddle * fromMiddle) * (0.25 + 1.5 * random.fraction());
    weights[step] = weight;
    total += weight;
  }
  let sum = 0;
  let given = 0;
  for (let step = 0; step < steps; step += 1) {
    sum += weights[step] ?? 0;
    const upToHere = step === steps - 1 ? units : Math.min(units, Math.floor((units / total) * sum));
    volumes[step] = (upToHere - given) * unit;
    given = upToHere;
  }
  return volumes;
};
