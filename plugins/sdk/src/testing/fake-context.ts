import type { LentOptimizer } from '../optimizer-use.ts';
import { Random } from '../random.ts';
import type { StrategyContext, StrategyRun } from '../strategy.ts';
import type { Bar, InstrumentView, Quote, StrategyView } from '../strategy-inputs.ts';
import { toolsOf } from '../strategy-instance.ts';
import { EMPTY_PORTFOLIO, HeldMarket, HeldPortfolio, type PortfolioData } from '../strategy-view.ts';

/**
 * What {@link fakeStrategyContext} is made of; nothing has to be given.
 *
 * @see {@link fakeStrategyContext}
 */
export interface FakeContextOptions extends Partial<StrategyRun> {
  /** Market time, epoch ms; 2 January 2024 when left out. */
  readonly now?: number;
  /** Of `ctx.random()`: the same seed gives the same numbers. */
  readonly seed?: string;
  /** By the strategy's names for them; `lentOptimizer` makes them. */
  readonly optimizers?: Readonly<Record<string, LentOptimizer>>;
}

/**
 * A context whose clock is the test's.
 *
 * @see {@link fakeStrategyContext}
 */
export interface FakeStrategyContext extends StrategyContext {
  /** Sets market time, epoch ms. */
  setNow(at: number): void;
}

/**
 * What `create` is given, for tests that call hooks by hand; symbol "TEST" and bars of a day when left out. Its
 * `optimizer` throws OptimizerError BAD_INPUT for a name that the options do not have.
 *
 * @example
 * ```ts
 * const alarm = defineStrategy({
 *   id: 'alarm',
 *   description: 'Sets a timer for a day after each bar',
 *   config: T.Object({}),
 *   create: (_config, ctx) => ({
 *     *onBar() {
 *       yield setTimer('day', ctx.now() + 86_400_000);
 *     },
 *   }),
 * });
 * const ctx = fakeStrategyContext({ symbols: ['ACME'], now: 0 });
 * const hooks = alarm.create({}, ctx);
 * const [bar] = barsOf([100], { symbol: 'ACME' });
 * ctx.setNow(1_000);
 * if (bar !== undefined) console.log([...(hooks.onBar?.(bar, fakeStrategyView({ bars: [bar] })) ?? [])]);
 * // [{ type: 'setTimer', name: 'day', at: 86_401_000 }]
 * ```
 */
export function fakeStrategyContext(options: FakeContextOptions = {}): FakeStrategyContext {
  const { symbols = ['TEST'], interval = 'DAY_1', optimizers = {}, seed = 'test' } = options;
  const random = Random.fromSeed('strategy', seed);
  let { now = Date.UTC(2024, 0, 2) } = options;
  return Object.freeze({
    symbols: Object.freeze([...symbols]),
    interval,
    ...toolsOf(new Map(Object.entries(optimizers))),
    now: () => now,
    random: () => random.fraction(),
    setNow: (at: number) => void (now = at),
  });
}

/**
 * An instrument that lets everything pass: cents, any fraction from 0.000001, shortable, in USD.
 *
 * @example
 * ```ts
 * const whole = fakeInstrument('ACME', { lotSize: '1', fractionable: false });
 * [whole.currency, whole.tickSize, whole.lotSize]; // ['USD', '0.01', '1']
 * ```
 */
export const fakeInstrument = (symbol: string, given: Partial<InstrumentView> = {}): InstrumentView => ({
  symbol,
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '0.000001',
  multiplier: '1',
  shortable: true,
  fractionable: true,
  ...given,
});

/**
 * What {@link fakeStrategyView} shows; nothing has to be given.
 *
 * @see {@link fakeStrategyView}
 */
export interface FakeViewOptions {
  /** What is left out is flat and empty. */
  readonly portfolio?: Partial<PortfolioData>;
  /** None when left out: `market.instrument` then answers null. */
  readonly instruments?: readonly InstrumentView[];
  /** The last closed bars: of a series, the last in the list counts. */
  readonly bars?: readonly Bar[];
  /** Of a symbol, the last in the list counts. */
  readonly quotes?: readonly Quote[];
}

/**
 * What hooks are given beside their input, for tests that call them by hand.
 *
 * @example
 * ```ts
 * const { market, portfolio } = fakeStrategyView({
 *   portfolio: { positions: [{ symbol: 'ACME', quantity: '10', averagePrice: 99.5 }], cash: 1_000 },
 *   instruments: [fakeInstrument('ACME', { lotSize: '1', fractionable: false })],
 * });
 * portfolio.position('ACME'); // 10
 * market.instrument('ACME')?.lotSize; // '1'
 * ```
 */
export function fakeStrategyView(options: FakeViewOptions = {}): StrategyView {
  const portfolio = new HeldPortfolio();
  portfolio.set({ ...EMPTY_PORTFOLIO, ...options.portfolio });
  const market = new HeldMarket();
  market.setInstruments(options.instruments ?? []);
  for (const bar of options.bars ?? []) market.takeBar(bar);
  for (const quote of options.quotes ?? []) market.takeQuote(quote);
  return Object.freeze({ portfolio, market });
}
