import type { InstrumentView } from '@omniquant/plugin-sdk';
import { type Fixed, mulDiv, parseDecimal, roundToStep } from '@omniquant/plugin-sdk/decimal';

/** When the slices are due, and what part of the whole each is. Plain data, for the snapshot. */
export type Schedule = {
  readonly startAt: number;
  readonly endAt: number;
  /** One whole number for each slice, 0 or more. */
  readonly weights: readonly number[];
};

/** Weights as whole numbers, so that equal ones give equal shares exactly. */
const PRECISION = 1e9;

/** Weights in proportion to `volumes`, or equal ones where there is no volume. */
export function weightsOf(volumes: readonly number[]): number[] {
  const most = Math.max(...volumes);
  return volumes.map((volume) => (most > 0 ? Math.round((volume / most) * PRECISION) : 1));
}

const sliceWidth = ({ endAt, startAt, weights }: Schedule): number => (endAt - startAt) / weights.length;

/** When a slice is due; `delay` is a share of its width. */
export const dueAt = (schedule: Schedule, slice: number, delay: number): number =>
  Math.floor(schedule.startAt + (slice + delay) * sliceWidth(schedule));

/** The slice that `now` falls into, or the last. */
export const sliceAt = (schedule: Schedule, now: number): number =>
  Math.min(
    schedule.weights.length - 1,
    Math.max(0, Math.floor((now - schedule.startAt) / sliceWidth(schedule))),
  );

/**
 * What a slice orders of the rest that is not ordered yet: its share of the slices that are left, to the nearest
 * lot; the last takes all. What earlier slices could not do is thus spread over those to come.
 */
export function shareOf(
  { weights }: Schedule,
  slice: number,
  rest: Fixed,
  instrument: InstrumentView,
): Fixed {
  if (slice >= weights.length - 1) return rest;
  const left = weights.slice(slice);
  const sum = left.reduce((total, weight) => total + weight, 0);
  // Where no volume is expected any more, what is left is spread evenly.
  const [own, all] = sum > 0 ? [weights[slice]!, sum] : [1, left.length];
  return roundToStep(mulDiv(rest, BigInt(own), BigInt(all)), parseDecimal(instrument.lotSize), 'half-even');
}
