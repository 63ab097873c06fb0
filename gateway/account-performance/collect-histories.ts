import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { CalendarId } from '../../core/market/calendar.ts';
import { calendarOf } from '../../core/market/calendars.ts';
import { startOfTradingDay } from '../../core/performance/account-days.ts';
import { createPricing, type PriceView } from '../../core/portfolio/pricing.ts';
import { holdingsOfRows, valueHoldings } from '../../core/portfolio/valuation.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { AccountView } from '../../core/ports/order-reader.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import type { PerformanceRange } from '../../schema/account/performance-service.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import type { AccountHistories, HistorySpan, StoredHistory } from '../database/account-histories.ts';
import { checkRange } from './check-range.ts';
import type { AccountHistoryData, ChartBars, DailyClose } from './history-data.ts';
import { chartBars, dailyCloses, pairNames } from './market-bars.ts';

export interface HistoryCollectorOptions {
  readonly histories: AccountHistories;
  readonly market: Pick<MarketData, 'bars' | 'clock' | 'instrument'>;
  /** Quotes and sessions as decisions see them. */
  readonly prices: PriceView;
  readonly quoteStaleAfterMs: number;
  readonly clock: Pick<Clock, 'now'>;
  /** That days of accounts go by. */
  readonly calendar: CalendarId;
}

/** Brings together what the performance of accounts is made of. */
export interface HistoryCollector {
  /** Throws BAD_USER_INPUT naming the argument. */
  check(range: PerformanceRange): void;
  /**
   * Of those accounts of a workspace that there are. Throws BAD_USER_INPUT naming the argument; rejects with DatabaseError
   * and, where a benchmark cannot be read, UnavailableError.
   */
  collect(
    workspaceId: string,
    accountIds: readonly string[],
    range: PerformanceRange,
    signal: AbortSignal,
  ): Promise<readonly AccountHistoryData[]>;
  /** Of what was traded most in the range. Rejects with DatabaseError. */
  charts(workspaceId: string, history: AccountHistoryData, signal: AbortSignal): Promise<ChartBars>;
}

/** Fills of one request. */
const MOST_FILLS = 100_000;
/** A tear sheet draws fewer. */
const MOST_CHARTS = 12;

export function createHistoryCollector(options: HistoryCollectorOptions): HistoryCollector {
  const { clock, histories, market, prices, quoteStaleAfterMs } = options;
  const calendar = calendarOf(options.calendar);

  /** Whole trading days. */
  const spanOf = ({ from, to }: PerformanceRange): HistorySpan => ({
    from: from === null ? 0 : startOfTradingDay(calendar, from),
    to: to === null ? Number.MAX_SAFE_INTEGER : calendar.endOfDay(to - 1),
  });

  const presentOf = ({ openings, view }: StoredHistory): AccountHistoryData['present'] => {
    const { day, dayOpenEquity } = view.account;
    if (openings === '[]' || day === null || dayOpenEquity === null) return null;
    const pricing = createPricing(prices, clock.now(), quoteStaleAfterMs);
    const { equity } = valueHoldings(holdingsOfRows(view), pricing);
    return {
      at: market.clock().at,
      sinceOpening: dayOpenEquity,
      equity: equity === null ? null : formatDecimal(equity),
    };
  };

  /** Symbols whose closes somebody needs: the benchmark, and what converts to the base currency. */
  function wantedCloses(views: readonly AccountView[], benchmark: string | null): ReadonlySet<string> {
    const wanted = new Set(benchmark === null ? [] : [benchmark]);
    for (const { account, balances, positions } of views) {
      const currencies = new Set([...balances, ...positions].map(({ currency }) => currency));
      currencies.delete(account.baseCurrency);
      for (const currency of currencies) {
        const names = pairNames(currency, account.baseCurrency);
        const known = names.find((name) => market.instrument(name) !== undefined);
        if (known !== undefined) wanted.add(known);
      }
    }
    return wanted;
  }

  async function closesOf(
    symbols: ReadonlySet<string>,
    stored: readonly StoredHistory[],
    range: PerformanceRange,
    signal: AbortSignal,
  ): Promise<Record<string, readonly DailyClose[]>> {
    const opened = Math.min(...stored.map(({ openings }) => firstAt(openings)));
    const span = { from: Math.max(spanOf(range).from, opened), to: endOf(range) };
    const closes: Record<string, readonly DailyClose[]> = {};
    if (!Number.isFinite(opened) || span.from >= span.to) return closes;
    for (const symbol of symbols) {
      const found = await dailyCloses(market, symbol, span, signal);
      if (found !== null) closes[symbol] = found;
    }
    return closes;
  }

  /** Market time, also where the range goes on. */
  const endOf = (range: PerformanceRange): number => Math.min(spanOf(range).to, market.clock().at + 1);

  const check = (range: PerformanceRange): void => {
    checkRange(range, market.clock().at);
  };

  return {
    check,
    async collect(workspaceId, accountIds, range, signal) {
      check(range);
      const stored = await histories.read(workspaceId, accountIds, spanOf(range), MOST_FILLS + 1, signal);
      if (stored.reduce((sum, { fillCount }) => sum + fillCount, 0) > MOST_FILLS) {
        throw badInput(`from has to be later: there are more than ${String(MOST_FILLS)} fills.`, 'from');
      }
      const wanted = wantedCloses(
        stored.map(({ view }) => view),
        range.benchmark,
      );
      const closes = await closesOf(wanted, stored, range, signal);
      return stored.map((each) => ({
        ...{ account: factsOf(each.view), calendar: options.calendar },
        ...{ range, closes, openings: each.openings, fills: each.fills, present: presentOf(each) },
        instruments: each.view.positions.map(({ currency, multiplier, quantity, symbol }) => ({
          ...{ currency, multiplier, quantity, symbol },
        })),
      }));
    },

    async charts(workspaceId, { account, openings, range }, signal) {
      const span = { from: Math.max(spanOf(range).from, firstAt(openings)), to: endOf(range) };
      const charts: Record<string, ChartBars[string]> = {};
      if (!(span.from < span.to)) return charts;
      const { accountId } = account;
      const symbols = await histories.mostTraded(workspaceId, accountId, span, MOST_CHARTS, signal);
      for (const symbol of symbols) {
        const bars = await chartBars(market, symbol, span, signal);
        if (bars !== null) charts[symbol] = bars;
      }
      return charts;
    },
  };
}

const factsOf = ({ account }: AccountView): AccountHistoryData['account'] => {
  const { accountId, baseCurrency, broker, environment, name } = account;
  return { accountId, baseCurrency, broker, environment, name };
};

/** When the first day of an account began; Infinity without one. The text may be long, its beginning is enough. */
function firstAt(openings: string): number {
  const [, at] = /^\[\["[^"]*",\s*(\d+)/.exec(openings) ?? [];
  return at === undefined ? Infinity : Number(at);
}
