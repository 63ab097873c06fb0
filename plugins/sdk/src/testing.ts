/**
 * What plugin authors test with: bars, fakes, a replay of a strategy over bars, and the numbered cases that every
 * strategy, optimizer, tuner, broker and feed has to pass. Nothing here needs a gateway, a test runner or a network but loopback.
 */
export {
  type BarShape,
  barsOf,
  randomBars,
  type RandomBarsOptions,
  type SeriesOptions,
} from './testing/bars.ts';
export {
  brokerConformance,
  type BrokerConformanceCase,
  type BrokerConformanceOptions,
} from './testing/broker-conformance.ts';
export type {
  Awaitable,
  BrokerFixture,
  Endpoints,
  FixtureConnection,
  FixtureExecution,
  FixtureMarket,
  FixtureRequest,
  FixtureVenue,
} from './testing/broker-fixture.ts';
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
export { feedConformance } from './testing/feed-conformance.ts';
export type { FeedConformanceOptions } from './testing/feed-conformance/feed-conformance-options.ts';
export { lentOptimizer } from './testing/lent-optimizers.ts';
export { optimizerConformance } from './testing/optimizer-conformance.ts';
export type { OptimizerConformanceOptions } from './testing/optimizer-conformance/optimizer-conformance-options.ts';
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
export { tunerConformance } from './testing/tuner-conformance.ts';
export type { TunerConformanceOptions } from './testing/tuner-conformance/tuner-conformance-options.ts';
