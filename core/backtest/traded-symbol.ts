import { type Fixed, parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import { InstrumentGrid } from '@omniquant/venue/instrument-grid';

import type { MarketQuote } from '../engine/decide-context.ts';
import type { TradingCalendar } from '../market/calendar.ts';
import { calendarOf } from '../market/calendars.ts';
import type { Instrument } from '../market/instrument.ts';
import { markOf } from '../portfolio/pricing.ts';
import type { BacktestSettings } from './backtest-spec.ts';
import type { SeriesCursor } from './series-cursor.ts';

/** Further off a whole number of ticks than this, a price is rounded as a decimal and not as a float. */
const CLEARLY_NEARER = 0.49;

/** A symbol of the market as it stands: prices in ticks, quantities in lots. */
export class TradedSymbol {
  readonly instrument: Instrument;
  readonly grid: InstrumentGrid;
  readonly calendar: TradingCalendar;
  /** The finest series of the symbol: its bars are what orders trade against. Null for one without bars. */
  readonly market: SeriesCursor | null;
  /** Last price; 0 before the first, and where quotes are known and no trade. */
  last = 0;
  lastAt = 0;
  /** What stands in its book; 0 where nothing does, or where bars are all that is known. */
  bid = 0;
  ask = 0;
  /** Its ticks tell its price from now on, whatever its bars do. */
  isTicking = false;
  private readonly perTick: number;
  private readonly lotsPerUnit: number;
  private known: MarketQuote | null = null;
  private knownLast = 0;
  private knownBid = 0;
  private knownAsk = 0;

  constructor(instrument: Instrument, grid: InstrumentGrid, market: SeriesCursor | null) {
    this.instrument = instrument;
    this.grid = grid;
    this.market = market;
    this.calendar = calendarOf(instrument.calendar);
    this.perTick = 1 / toNumber(parseDecimal(grid.instrument.tickSize));
    this.lotsPerUnit = 1 / toNumber(parseDecimal(grid.instrument.lotSize));
  }

  get symbol(): string {
    return this.instrument.symbol;
  }

  /** The nearest tick, half-even, at least one. */
  ticks(price: number): number {
    const exact = price * this.perTick;
    const nearest = Math.round(exact);
    if (Math.abs(exact - nearest) < CLEARLY_NEARER && nearest > 0 && nearest < Number.MAX_SAFE_INTEGER) {
      return nearest;
    }
    return this.grid.nearestTick(parseDecimal(plainText(price)));
  }

  /** Whole lots of a bar's volume; null where it is not known. */
  volumeOf(units: number): number | null {
    return Number.isNaN(units) ? null : this.lotsOf(units);
  }

  /** Whole lots of a size. */
  lotsOf(units: number): number {
    return Math.floor(units * this.lotsPerUnit * (1 + Number.EPSILON));
  }

  get unitsPerLot(): number {
    return 1 / this.lotsPerUnit;
  }

  /** A price as strategies see it: the float that is nearest to its decimal. */
  priceOf(ticks: number): number {
    return Number.isInteger(this.perTick) ? ticks / this.perTick : toNumber(this.grid.priceFixed(ticks));
  }

  price(): Fixed {
    return this.grid.priceFixed(this.last);
  }

  /** What it is worth, as positions are valued; null before the first price. */
  worth(): Fixed | null {
    const quote = this.quote();
    return quote === undefined ? null : markOf(quote);
  }

  /** Undefined before the first price. */
  quote(): MarketQuote | undefined {
    if (this.isTicking) return this.tickQuote();
    if (this.last === 0) return undefined;
    if (this.known === null || this.knownLast !== this.last || this.known.at !== this.lastAt) {
      const price = this.price();
      const { lastAt: at, symbol } = this;
      this.known = { symbol, at, receivedAt: at, bid: price, ask: price, last: price };
      this.knownLast = this.last;
    }
    return this.known;
  }

  private tickQuote(): MarketQuote {
    const { ask, bid, last, lastAt: at, symbol } = this;
    const isKnown = this.knownLast === last && this.knownBid === bid && this.knownAsk === ask;
    if (this.known !== null && isKnown && this.known.at === at) return this.known;
    const price = (ticks: number): Fixed | null => (ticks === 0 ? null : this.grid.priceFixed(ticks));
    this.known = { symbol, at, receivedAt: at, bid: price(bid), ask: price(ask), last: price(last) };
    [this.knownLast, this.knownBid, this.knownAsk] = [last, bid, ask];
    return this.known;
  }
}

/** The symbols of a run that have an instrument, in the order of the settings. */
export const tradedSymbols = (
  { instruments: described }: BacktestSettings,
  instruments: ReadonlyMap<string, Instrument>,
  finest: (symbol: string) => SeriesCursor | null,
): ReadonlyMap<string, TradedSymbol> =>
  new Map(
    described.flatMap((each) => {
      const instrument = instruments.get(each.symbol);
      if (instrument === undefined) return [];
      const grid = new InstrumentGrid(each);
      return [[each.symbol, new TradedSymbol(instrument, grid, finest(each.symbol))] as const];
    }),
  );

/** A float as a decimal without exponent, as far as a decimal reaches. */
const plainText = (value: number): string => {
  const text = String(value);
  if (!text.includes('e')) return text.includes('.') ? text.slice(0, text.indexOf('.') + 19) : text;
  return value < 1 ? value.toFixed(18) : BigInt(Math.round(value)).toString();
};
