import type { MarketQuote, MarketView } from '../engine/decide-context.ts';
import type { CalendarId } from '../market/calendar.ts';
import { calendarOf } from '../market/calendars.ts';
import type { Instrument } from '../market/instrument.ts';

export interface MarketViewSource {
  readonly instrument: (symbol: string) => Instrument | undefined;
  readonly quote: (symbol: string) => MarketQuote | undefined;
  readonly now: () => number;
}

export interface MarketViewSettings {
  /** Calendar that days of accounts go by. */
  readonly accountCalendar: CalendarId;
  readonly haltedSymbols: ReadonlySet<string>;
}

/** The market as decisions see it. Symbols that are not known go by the account's calendar. */
export function createMarketView(source: MarketViewSource, settings: MarketViewSettings): MarketView {
  const accountDays = calendarOf(settings.accountCalendar);
  const calendarFor = (symbol: string) => {
    const instrument = source.instrument(symbol);
    return instrument === undefined ? accountDays : calendarOf(instrument.calendar);
  };
  return {
    instrument: source.instrument,
    quote: source.quote,
    session: (symbol) => calendarFor(symbol).session(source.now()),
    isHalted: (symbol) => settings.haltedSymbols.has(symbol),
    tradingDay: (at) => accountDays.tradingDay(at),
    endOfDay: (symbol, at) => calendarFor(symbol).nextClose(at),
  };
}
