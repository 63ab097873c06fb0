import type { Decimal } from './order-terms.ts';
import type {
  Bar,
  InstrumentView,
  MarketView,
  PortfolioView,
  Quote,
  StrategyOrderView,
} from './strategy-inputs.ts';
import type { BarInterval } from './venue-market.ts';

/**
 * A portfolio as data, to be sent to wherever a strategy runs: what {@link HeldPortfolio} shows.
 *
 * @see {@link HeldPortfolio}
 */
export interface PortfolioData {
  /**
   * What the strategy holds, one entry a symbol: signed units, and their average price in the instrument's currency.
   */
  readonly positions: readonly {
    readonly symbol: string;
    /** Signed. */
    readonly quantity: Decimal;
    readonly averagePrice: number;
  }[];
  /** The strategy's open orders. */
  readonly orders: readonly StrategyOrderView[];
  /** By the strategy's own fills, before fees, in the currency of its instruments. */
  readonly realizedPnl: number;
  /** Of the whole account, in its base currency; as is `equity`. */
  readonly cash: number;
  /** Null while a price that it needs is missing or stale. */
  readonly equity: number | null;
}

/**
 * A portfolio without positions, orders and money: what a strategy sees until its host has set another, and what
 * tests fill in.
 *
 * @example
 * ```ts
 * const portfolio = new HeldPortfolio();
 * portfolio.set({ ...EMPTY_PORTFOLIO, cash: 1_000, equity: 1_000 });
 * portfolio.cash; // 1_000
 * ```
 */
export const EMPTY_PORTFOLIO: PortfolioData = {
  positions: [],
  orders: [],
  realizedPnl: 0,
  cash: 0,
  equity: 0,
};

/**
 * The view of a portfolio that is read-only for the strategy and set by its host between steps.
 *
 * @example
 * ```ts
 * const portfolio = new HeldPortfolio();
 * portfolio.set({
 *   ...EMPTY_PORTFOLIO,
 *   positions: [{ symbol: 'ACME', quantity: '-2.5', averagePrice: 101.2 }],
 * });
 * portfolio.position('ACME'); // -2.5
 * portfolio.quantity('OTHER'); // '0'
 * ```
 */
export class HeldPortfolio implements PortfolioView {
  /** Set by the host before each step, as {@link PortfolioView} says. */
  isAhead = false;
  private data = EMPTY_PORTFOLIO;
  private readonly bySymbol = new Map<string, PortfolioData['positions'][number]>();

  /** All of it anew. A list of positions that is the very one of before is taken to hold what it held. */
  set(data: PortfolioData): void {
    const before = this.data;
    this.data = data;
    if (data.positions === before.positions) return;
    this.bySymbol.clear();
    for (const position of data.positions) this.bySymbol.set(position.symbol, position);
  }

  position(symbol: string): number {
    return Number(this.quantity(symbol));
  }

  quantity(symbol: string): Decimal {
    return this.bySymbol.get(symbol)?.quantity ?? '0';
  }

  averagePrice(symbol: string): number | null {
    return this.bySymbol.get(symbol)?.averagePrice ?? null;
  }

  get orders(): readonly StrategyOrderView[] {
    return this.data.orders;
  }

  get realizedPnl(): number {
    return this.data.realizedPnl;
  }

  get cash(): number {
    return this.data.cash;
  }

  get equity(): number | null {
    return this.data.equity;
  }
}

/**
 * The last of everything that the strategy was given: the market as it may look back at it.
 *
 * @example
 * ```ts
 * const market = new HeldMarket();
 * market.setInstruments([fakeInstrument('ACME')]);
 * for (const bar of barsOf([100, 101], { symbol: 'ACME' })) market.takeBar(bar);
 * market.bar('ACME', 'DAY_1')?.close; // 101
 * market.bar('ACME', 'HOUR_1'); // null
 * ```
 */
export class HeldMarket implements MarketView {
  private readonly instruments = new Map<string, InstrumentView>();
  private readonly quotes = new Map<string, Quote>();
  /** By symbol, then interval. */
  private readonly bars = new Map<string, Map<BarInterval, Bar>>();

  /** Adds instruments, or puts others in the place of those with the same symbol. */
  setInstruments(instruments: readonly InstrumentView[]): void {
    for (const instrument of instruments) this.instruments.set(instrument.symbol, instrument);
  }

  /** The last quote of its symbol from now on, whatever its time. */
  takeQuote(quote: Quote): void {
    this.quotes.set(quote.symbol, quote);
  }

  /** The last bar of its symbol and interval from now on, whatever its time. */
  takeBar(bar: Bar): void {
    const known = this.bars.get(bar.symbol);
    if (known === undefined) this.bars.set(bar.symbol, new Map([[bar.interval, bar]]));
    else known.set(bar.interval, bar);
  }

  /** One of each series that there was a bar of, in the order in which the symbols came. */
  lastBars(): Bar[] {
    return [...this.bars.values()].flatMap((ofSymbol) => [...ofSymbol.values()]);
  }

  /** Null for one that was not set. */
  instrument(symbol: string): InstrumentView | null {
    return this.instruments.get(symbol) ?? null;
  }

  quote(symbol: string): Quote | null {
    return this.quotes.get(symbol) ?? null;
  }

  bar(symbol: string, interval: BarInterval): Bar | null {
    return this.bars.get(symbol)?.get(interval) ?? null;
  }
}
