import type { Quote as StrategyQuote, StrategyInputs } from '@omniquant/plugin-sdk';
import { type Fixed, toNumber } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { Quote } from '../market/quote.ts';
import type { Trade } from '../market/trade.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../runtime/market-data.ts';
import { followAccount } from './account-events.ts';
import { barsSince, type ClosedBar, followBars, type Series } from './bar-series.ts';
import type { InputQueue, QueuedInput } from './input-queue.ts';
import type { StrategyPosition, StrategyTerms } from './strategy-event.ts';

export interface SourcesOptions {
  readonly terms: StrategyTerms;
  readonly wanted: Required<StrategyInputs>;
  readonly market: MarketData;
  readonly clock: Clock;
  readonly queue: InputQueue;
  /** Events of the account as inputs of the strategy: those of its own orders. Null while the account is not loaded. */
  readonly orderInputs: (events: readonly JournaledEvent[]) => readonly QueuedInput[] | null;
  /** Events of the account after a sequence number, from the journal. */
  readonly journal: (afterSeq: number) => AsyncIterable<readonly JournaledEvent[]>;
}

/** Where a strategy's inputs come from: the market, its account's journal, and its timers. */
export interface Sources {
  readonly series: readonly Series[];
  /** Brings in what was missed since `position`, then goes on with what comes. */
  catchUp(position: StrategyPosition, signal: AbortSignal): Promise<void>;
  /** What the account has just committed. */
  committed(events: readonly JournaledEvent[]): void;
  /** The account was read again: something may have been committed that nobody was told of. */
  reopened(): void;
  /** Timers as they are set now, in place of those before. */
  setTimers(timers: Readonly<Record<string, number>>): void;
  close(): void;
}

/** How exactly timers are kept, ms of wall time. */
const TIMER_TICK_MS = 100;

const numberOrNull = (value: Fixed | null): number | null => (value === null ? null : toNumber(value));

const quoteOf = ({ symbol, at, bid, ask, last }: Quote): StrategyQuote => ({
  symbol,
  at,
  bid: numberOrNull(bid),
  ask: numberOrNull(ask),
  last: numberOrNull(last),
});

const barInput = ({ series, endsAt, bar }: ClosedBar): QueuedInput => ({
  series,
  input: { kind: 'bar', at: endsAt, bar },
});

/** Of each series all but the newest are outdated. */
function missedInputs(bars: readonly ClosedBar[]): readonly QueuedInput[] {
  const newest = new Map(bars.map(({ series, bar }) => [series, bar.at]));
  return bars.map(({ series, endsAt, bar }) => {
    const isOutdated = bar.at < (newest.get(series) ?? bar.at);
    return { series, input: { kind: 'bar', at: endsAt, bar, ...(isOutdated && { isOutdated }) } };
  });
}

const tradeInput = ({ symbol, at, price, size }: Trade): QueuedInput => ({
  input: { kind: 'trade', at, trade: { symbol, at, price: toNumber(price), size: toNumber(size) } },
});

export function openSources(options: SourcesOptions): Sources {
  const { clock, market, queue, terms, wanted } = options;
  const intervals = [...new Set([terms.interval, ...wanted.intervals])];
  const series = terms.symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
  const symbols = new Set(terms.symbols);
  /** What comes while the past is being read; null once it has been. */
  let early: QueuedInput[] | null = [];
  const lastBars = new Map<string, number>();
  const due = new Map<string, number>();
  /** Given already, and set until their step is committed. */
  const rung = new Map<string, number>();
  let isClosed = false;

  function give(item: QueuedInput): void {
    const { input, series: key } = item;
    if (input.kind === 'bar' && key !== undefined) {
      if (input.bar.at <= (lastBars.get(key) ?? Number.NEGATIVE_INFINITY)) return;
      lastBars.set(key, input.bar.at);
    }
    queue.add(item);
  }

  const come = (item: QueuedInput): void => {
    if (early === null) give(item);
    else early.push(item);
  };

  function setTimers(timers: Readonly<Record<string, number>>): void {
    due.clear();
    for (const [name, at] of Object.entries(timers)) if (rung.get(name) !== at) due.set(name, at);
    for (const [name, at] of rung) if (timers[name] !== at) rung.delete(name);
  }

  function ringTimers(): void {
    if (isClosed) return;
    const now = market.clock().at;
    for (const [name, at] of [...due].sort(([, a], [, b]) => a - b)) {
      if (at > now) break;
      due.delete(name);
      rung.set(name, at);
      come({ input: { kind: 'timer', at: Math.max(at, now), timer: { name, at } } });
    }
    clock.after(TIMER_TICK_MS, ringTimers);
  }

  const account = followAccount({ clock, journal: options.journal, inputsOf: options.orderInputs, give });

  const stops = [
    followBars(market, series, (bar) => {
      come(barInput(bar));
    }),
    ...(wanted.quotes
      ? [
          market.onQuote((quote) => {
            if (symbols.has(quote.symbol)) {
              come({ input: { kind: 'quote', at: quote.at, quote: quoteOf(quote) } });
            }
          }),
        ]
      : []),
    ...(wanted.trades
      ? [
          market.onTrade((trade) => {
            if (symbols.has(trade.symbol)) come(tradeInput(trade));
          }),
        ]
      : []),
  ];

  return {
    series,
    async catchUp(position, signal) {
      for (const [key, at] of Object.entries(position.bars)) lastBars.set(key, at);
      const bars = missedInputs(await barsSince(market, series, position.bars, signal));
      const missed = [...bars, ...(await account.read(position.seq))];
      const read = missed.filter(({ seq, isHalf }) => isHalf !== true || seq !== position.half);
      for (const item of read.sort((a, b) => a.input.at - b.input.at)) give(item);
      const waiting = early ?? [];
      early = null;
      waiting.forEach(give);
      account.committed([]);
      setTimers(position.timers);
      ringTimers();
    },
    committed: (events) => {
      account.committed(events);
    },
    reopened: () => {
      account.reopened();
    },
    setTimers,
    close() {
      isClosed = true;
      account.close();
      for (const stop of stops) stop();
    },
  };
}
