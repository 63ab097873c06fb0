import type { FeeSchedule } from './account-ledger.ts';

/**
 * How well a venue executes. Probabilities are drawn from the exchange's own seeded numbers; all can
 * be changed while it runs. The neutral element is {@link PERFECT_EXECUTION}.
 */
export interface ExecutionQuality {
  readonly fees: FeeSchedule;
  /** How often a taker pays more, or gets less, than the quote; by 1 to `slippageTicks`. */
  readonly slippageProbability: number;
  readonly slippageTicks: number;
  /** How often a match goes through for a random part only. */
  readonly partialFillProbability: number;
  /** How often an order is refused for no reason (OTHER). */
  readonly rejectProbability: number;
  /** How often an execution is busted, some market time after it. */
  readonly bustProbability: number;
  /** How often an execution's fee is charged and reported some market time after it. */
  readonly lateFeeProbability: number;
  /** Market time that a command takes to reach the market; drawn for each. */
  readonly latencyMs: { readonly min: number; readonly max: number };
}

export const PERFECT_EXECUTION: ExecutionQuality = {
  fees: { perUnit: '0', rate: '0', minimum: '0' },
  slippageProbability: 0,
  slippageTicks: 0,
  partialFillProbability: 0,
  rejectProbability: 0,
  bustProbability: 0,
  lateFeeProbability: 0,
  latencyMs: { min: 0, max: 0 },
};
