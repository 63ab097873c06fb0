import { Random } from '../random.ts';
import type { StrategyContext, StrategyRun } from '../strategy.ts';
import type { Bar, InstrumentView, Quote, StrategyView } from '../strategy-inputs.ts';
import { EMPTY_PORTFOLIO, HeldMarket, HeldPortfolio, type PortfolioData } from '../strategy-view.ts';

export interface FakeContextOptions extends Partial<StrategyRun> {
  /** Market time, epoch ms; 2 January 2024 when left out. */
  readonly now?: number;
  readonly seed?: string;
}

/** A context whose clock is the test's. */
export interface FakeStrategyContext extends StrategyContext {
  /** Sets market time, epoch ms. */
  setNow(at: number): void;
}

/**
 * What `create` is given, for tests that call hooks by hand; symbol "TEST" and bars of a day when left out.
 *
 * @example
 * const ctx = fakeStrategyContext({ symbols: ['ACME'], seed: 'one' });
 * const hooks = buyDips.create({ quantity: '1' }, ctx);
 * ctx.setNow(bar.at + 86_400_000);
 * const effects = [...(hooks.onBar?.(bar, fakeStrategyView({ bars: [bar] })) ?? [])];
 */
export function fakeStrategyContext(options: FakeContextOptions = {}): FakeStrategyContext {
  const { symbols = ['TEST'], interval = 'DAY_1', seed = 'test' } = options;
  const random = Random.fromSeed('strategy', seed);
  let { now = Date.UTC(2024, 0, 2) } = options;
  return Object.freeze({
    symbols: Object.freeze([...symbols]),
    interval,
    now: () => now,
    random: () => random.fraction(),
    setNow: (at: number) => void (now = at),
  });
}

/** An instrument that lets everything pass: cents, any fraction from 0.000001, shortable, in USD. */
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

export interface FakeViewOptions {
  /** What is left out is flat and empty. */
  readonly portfolio?: Partial<PortfolioData>;
  readonly instruments?: readonly InstrumentView[];
  /** The last closed bars: of a series, the last in the list counts. */
  readonly bars?: readonly Bar[];
  readonly quotes?: readonly Quote[];
}

/**
 * What hooks are given beside their input, for tests that call them by hand.
 *
 * @example
 * fakeStrategyView({
 *   portfolio: { positions: [{ symbol: 'ACME', quantity: '10', averagePrice: 99.5 }], cash: 1_000 },
 *   instruments: [fakeInstrument('ACME', { lotSize: '1', fractionable: false })],
 * });
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
