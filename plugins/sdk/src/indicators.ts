/**
 * Streaming indicators: fed one input after the other, in constant memory, with a snapshot to go on from. All
 * keep the contract of {@link Indicator}. Numbers in and out are floats: they inform an order, its money stays
 * exact.
 */
export { adx, type Adx } from './indicators/adx.ts';
export { aroon, type Aroon } from './indicators/aroon.ts';
export { atr, trueRange } from './indicators/atr.ts';
export {
  type BollingerBands,
  bollingerBands,
  type BollingerBandsOptions,
} from './indicators/bollinger-bands.ts';
export { cci } from './indicators/cci.ts';
export {
  type Channel,
  donchianChannel,
  keltnerChannel,
  type KeltnerChannelOptions,
} from './indicators/channels.ts';
export { correlation, covariance } from './indicators/correlation.ts';
export { type Crossing, crossover, type Crossover } from './indicators/crossover.ts';
export {
  type DispersionOptions,
  type Estimator,
  standardDeviation,
  variance,
  zScore,
} from './indicators/dispersion.ts';
export { dema, ema, rma, tema } from './indicators/ema.ts';
export { hedgeRatio, type HedgeRatio, rollingBeta } from './indicators/hedge-ratio.ts';
export type { Indicator } from './indicators/indicator.ts';
export { IndicatorError } from './indicators/indicator-error.ts';
export {
  type CloseVolume,
  type HighLow,
  type HighLowClose,
  type HighLowCloseVolume,
  type Pair,
  typicalPrice,
} from './indicators/inputs.ts';
export { kama, type KamaOptions } from './indicators/kama.ts';
export { linearRegression, type LinearRegression } from './indicators/linear-regression.ts';
export { macd, type Macd, type MacdOptions } from './indicators/macd.ts';
export { median } from './indicators/median.ts';
export { mfi } from './indicators/mfi.ts';
export { momentum, rateOfChange } from './indicators/momentum.ts';
export { obv } from './indicators/obv.ts';
export { parabolicSar, type ParabolicSar, type ParabolicSarOptions } from './indicators/parabolic-sar.ts';
export { rollingMax, rollingMin, rollingSum } from './indicators/rolling.ts';
export { rsi } from './indicators/rsi.ts';
export { sma } from './indicators/sma.ts';
export { stochastic, type Stochastic, type StochasticOptions, williamsR } from './indicators/stochastic.ts';
export { supertrend, type Supertrend, type SupertrendOptions } from './indicators/supertrend.ts';
export type { Trend } from './indicators/trend.ts';
export { type PriceSize, rollingVwap, vwap, type VwapInput } from './indicators/vwap.ts';
export { hma, wma } from './indicators/wma.ts';
