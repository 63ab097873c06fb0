import type { BarInterval } from './broker-events.ts';
import type { Decimal } from './order-terms.ts';
import type {
  Bar,
  InstrumentView,
  MarketView,
  PortfolioView,
  Quote,
  StrategyOrderView,
} from './strategy-inputs.ts';

/** A portfolio as data, to be sent to wherever a strategy runs. */
export interface PortfolioData {
  readonly positions: readonly {
    readonly symbol: string;
    /** Signed. */
    readonly quantity: Decimal;
    readonly averagePrice: number;
  }[];
  readonly orders: readonly StrategyOrderView[];
  readonly realizedPnl: number;
  readonly cash: number;
  readonly equity: number | null;
}

export const EMPTY_PORTFOLIO: PortfolioData = {
  positions: [],
  orders: [],
  realizedPnl: 0,
  cash: 0,
  equity: 0,
};

/** The view of a portfolio that is read-only for the strategy and set by its host between steps. */
export class HeldPortfolio implements PortfolioView {
  private data = EMPTY_PORTFOLIO;
  private readonly bySymbol = new Map<string, PortfolioData['positions'][number]>();

  set(data: PortfolioData): void {
    this.data = data;
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

/** The last of everything that the strategy was given. */
export class HeldMarket implements MarketView {
  private readonly instruments = new Map<string, InstrumentView>();
  private readonly quotes = new Map<string, Quote>();
  /** By symbol, then interval. */
  private readonly bars = new Map<string, Map<BarInterval, Bar>>();

  setInstruments(instruments: readonly InstrumentView[]): void {
    for (const instrument of instruments) this.instruments.set(instrument.symbol, instrument);
  }

  takeQuote(quote: Quote): void {
    this.quotes.set(quote.symbol, quote);
  }

  takeBar(bar: Bar): void {
    const known = this.bars.get(bar.symbol);
    if (known === undefined) this.bars.set(bar.symbol, new Map([[bar.interval, bar]]));
    else known.set(bar.interval, bar);
  }

  lastBars(): Bar[] {
    return [...this.bars.values()].flatMap((ofSymbol) => [...ofSymbol.values()]);
  }

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
