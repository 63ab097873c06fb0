/**
 * What plugin authors test with: bars, fakes, a replay of a strategy over bars, and the numbered cases that every
 * strategy has to pass. Nothing here needs a gateway, a network or a test runner.
 */
export {
  type BarShape,
  barsOf,
  randomBars,
  type RandomBarsOptions,
  type SeriesOptions,
} from './testing/bars.ts';
export { type ConformanceCase, strategyConformance } from './testing/conformance.ts';
export { ConformanceError } from './testing/conformance/conformance-error.ts';
export type { StrategyConformanceOptions } from './testing/conformance/conformance-options.ts';
export {
  type FakeContextOptions,
  fakeInstrument,
  type FakeStrategyContext,
  fakeStrategyContext,
  fakeStrategyView,
  type FakeViewOptions,
} from './testing/fake-context.ts';
export { replay } from './testing/replay.ts';
export { ReplayError, type ReplayErrorCode } from './testing/replay-error.ts';
export type { Commission, Refusal, ReplayOptions } from './testing/replay-options.ts';
export type {
  EquityPoint,
  ReplayedEffect,
  ReplayedFill,
  ReplayedLog,
  ReplayedMetric,
  ReplayedOrder,
  ReplayProblem,
  ReplayResult,
  ReplayStatistics,
} from './testing/replay-result.ts';
