import type { Bar } from '../../../core/market/bar.ts';
import type { Quote } from '../../../core/market/quote.ts';
import type { Bus } from '../../../core/ports/bus.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { JournalHeads } from '../../../core/ports/journal-heads.ts';
import type { AccountView, WorkspaceReaders } from '../../../core/ports/order-reader.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { MarketData } from '../../../core/runtime/market-data.ts';
import type { RequestContext } from '../../../schema/context.ts';
import type { Streams } from '../../../schema/streams.ts';
import { SERVER_LIMITS, type ServerLimits } from '../server-limits.ts';
import { createAccountHeads } from './account-heads.ts';
import { type AccountTail, startAccountTail } from './account-tail.ts';
import { type AccountUpdates, watchAccount } from './account-updates.ts';
import { createFeed, type Feed, type FeedReader } from './feed.ts';
import { createLatestFeed } from './latest-feed.ts';
import { openNoticeReader } from './notice-reader.ts';
import { createProgressStreams, type ReadRows } from './progress-streams.ts';
import { alertHistory, type History, openResumingReader, orderHistory } from './resuming-reader.ts';
import { createSharedThings } from './shared.ts';
import { type StrategyWatch, watchStrategy } from './strategy-watch.ts';

export interface StreamsOptions extends ReadRows {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly heads: JournalHeads;
  readonly readers: WorkspaceReaders;
  readonly market: Pick<MarketData, 'quote' | 'onQuote' | 'onBar'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits?: Partial<ServerLimits>;
}

const LINGER_MS = 10_000;

/**
 * What subscriptions are fed from. The streams are feeds (feed.ts), which the WebSocket server drains by
 * its own rules; read as plain iterators they behave the same.
 */
export function createStreams(options: StreamsOptions): Streams & { close(): void } {
  const { clock, market, telemetry } = options;
  const limits: ServerLimits = { ...SERVER_LIMITS, ...options.limits };
  const heads = createAccountHeads({ ...options, pollIntervalMs: limits.headPollIntervalMs });
  const tails = createSharedThings<Promise<AccountTail>>(clock, LINGER_MS, (starting) => {
    starting.then(
      (tail) => {
        tail.close();
      },
      () => undefined,
    );
  });
  const updates = createSharedThings<AccountUpdates>(clock, LINGER_MS, (watched) => {
    watched.close();
  });
  const strategies = createSharedThings<StrategyWatch>(clock, LINGER_MS, (watched) => {
    watched.close();
  });
  const progress = createProgressStreams({
    ...options,
    lingerMs: LINGER_MS,
    intervalMs: limits.headPollIntervalMs,
  });

  /** Within the caller's workspace: an account of another has no events there. */
  function placeOf(context: RequestContext, accountId: string): { workspaceId: string; key: string } {
    const { workspaceId } = context.requirePrincipal();
    return { workspaceId, key: JSON.stringify([workspaceId, accountId]) };
  }

  function followJournal<T extends { readonly seq: number }>(
    context: RequestContext,
    accountId: string,
    afterSeq: number | null,
    history: () => History<T>,
  ): Feed<T> {
    const { workspaceId, key } = placeOf(context, accountId);
    return createFeed((wake) => {
      const tail = tails.acquire(key, () =>
        startAccountTail({ ...options, accountId, workspaceId, heads, capacity: limits.subscriberQueue }),
      );
      telemetry.gauge('account_tails', tails.size);
      return openResumingReader(tail.value, tail.release, afterSeq, history, wake);
    });
  }

  return {
    orderEvents: (context, accountId, afterSeq) =>
      followJournal(context, accountId, afterSeq, () => orderHistory(accountId)),
    riskAlerts: (context, accountId, afterSeq) =>
      followJournal(context, accountId, afterSeq, () => alertHistory(accountId)),
    accountUpdates(context, accountId) {
      const { workspaceId, key } = placeOf(context, accountId);
      return createFeed<AccountView>((wake) => {
        const shared = updates.acquire(key, () =>
          watchAccount({
            ...options,
            accountId,
            workspaceId,
            heads,
            intervalMs: limits.accountUpdateIntervalMs,
          }),
        );
        const watched = shared.value;
        const reader = createLatestFeed<AccountView>({
          current: () => (watched.current === null ? [] : [['account', watched.current]]),
          listen: (onChange) =>
            watched.listen((view) => {
              onChange('account', view);
            }),
        }).open(wake);
        return releasing(reader, shared.release);
      });
    },
    strategyEvents(context, accountId, strategyId) {
      const { workspaceId } = context.requirePrincipal();
      const place = { accountId, strategyId, workspaceId };
      return createFeed((wake) => {
        const { value, release } = strategies.acquire(JSON.stringify(place), () =>
          watchStrategy({ ...options, ...place, heads, intervalMs: limits.headPollIntervalMs }),
        );
        return openNoticeReader(value, release, limits.subscriberQueue, wake);
      });
    },
    backtestProgress: (context, id) => progress.backtest(context, id),
    sweepProgress: (context, id) => progress.sweep(context, id),
    quotes: (_context, symbols) => quoteFeed(market, symbols),
    bars: (_context, symbols, interval) =>
      createLatestFeed<Bar>({
        current: () => [],
        listen(onChange) {
          const stops = [...new Set(symbols)].map((symbol) =>
            market.onBar(symbol, interval, (bar) => {
              onChange(`${bar.symbol} ${String(bar.at)}`, bar);
            }),
          );
          return () => {
            for (const stop of stops) stop();
          };
        },
      }),
    close() {
      tails.close();
      updates.close();
      strategies.close();
      progress.close();
      heads.close();
    },
  };
}

function releasing<T extends object>(reader: FeedReader<T>, release: () => void): FeedReader<T> {
  return {
    get end() {
      return reader.end;
    },
    take: () => reader.take(),
    setBlocked: (blocked) => {
      reader.setBlocked(blocked);
    },
    close() {
      reader.close();
      release();
    },
  };
}

function quoteFeed(market: Pick<MarketData, 'quote' | 'onQuote'>, symbols: readonly string[]): Feed<Quote> {
  const wanted = new Set(symbols);
  return createLatestFeed<Quote>({
    *current() {
      for (const symbol of wanted) {
        const quote = market.quote(symbol);
        if (quote !== undefined) yield [symbol, quote];
      }
    },
    listen: (onChange) =>
      market.onQuote((quote) => {
        if (wanted.has(quote.symbol)) onChange(quote.symbol, quote);
      }),
  });
}
