import { randomUUID } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';

import type { BarColumns } from '../../../core/backtest/bar-source.ts';
import type { StoredBarsReader } from '../../database/stored-bars/stored-bars-reader.ts';
import type { StoredBarPage, StoredBarSeries } from '../../database/stored-bars/stored-series.ts';
import { MarketDataError } from './market-data-error.ts';
import type { MarketDataSource } from './market-data-source.ts';
import { storedMarketData } from './stored-market-data.ts';

/*
 * Threads that run backtests have no connection to the database, as code of plugins runs in them. They ask the thread that
 * started them for bars of the series that the backtest's workspace may read, a page at a time.
 */

/** What a thread is told of the stored bars; plain data. */
export interface StoredBarsOffer {
  readonly series: readonly StoredBarSeries[];
  /** Where pages are asked for; null where nothing is going to be read. */
  readonly channel: string | null;
}

interface Asked {
  readonly ask: number;
  readonly page: StoredBarPage;
}

type Answered = { readonly answer: number } & ({ readonly bars: BarColumns } | { readonly problem: string });

const ANSWER_MS = 60_000;
const STATEMENT_MS = 30_000;

/** For a thread that looks at what there is and reads nothing. Rejects with DatabaseError. */
export const listStoredBars = async (
  reader: StoredBarsReader,
  workspaceId: string,
  signal: AbortSignal,
): Promise<StoredBarsOffer> => ({ series: await reader.series(workspaceId, signal), channel: null });

/** Answers a thread until it is closed. Rejects with DatabaseError where the series cannot be listed. */
export async function offerStoredBars(
  reader: StoredBarsReader,
  workspaceId: string,
  signal: AbortSignal,
): Promise<{ readonly offer: StoredBarsOffer; readonly close: () => void }> {
  const series = await reader.series(workspaceId, signal);
  if (series.length === 0) return { offer: { series, channel: null }, close: () => undefined };
  const name = `omniquant-stored-bars-${randomUUID()}`;
  const channel = new BroadcastChannel(name);
  channel.unref();
  const closing = new AbortController();

  async function answer({ ask, page }: Asked): Promise<void> {
    const aborted = AbortSignal.any([closing.signal, AbortSignal.timeout(STATEMENT_MS)]);
    const answered = await reader.page(workspaceId, page, aborted).then(
      (bars): Answered => ({ answer: ask, bars }),
      (): Answered => ({ answer: ask, problem: 'the stored bars cannot be read at the moment' }),
    );
    if (!closing.signal.aborted) channel.postMessage(answered);
  }

  channel.onmessage = (event) => {
    void answer((event as { readonly data: Asked }).data);
  };
  return {
    offer: { series, channel: name },
    close() {
      closing.abort();
      channel.close();
    },
  };
}

/** In the thread: reading rejects with MarketDataError UNAVAILABLE where no answer comes. */
export function offeredMarketData({ channel: name, series }: StoredBarsOffer): MarketDataSource {
  let channel: BroadcastChannel | null = null;
  let asked = 0;
  const waiting = new Map<number, (answered: Answered) => void>();

  function open(of: string): BroadcastChannel {
    const opened = new BroadcastChannel(of);
    opened.onmessage = (event) => {
      const answered = (event as { readonly data: Answered }).data;
      waiting.get(answered.answer)?.(answered);
      waiting.delete(answered.answer);
    };
    opened.unref();
    return opened;
  }

  return storedMarketData(series, (page) => {
    if (name === null) return Promise.reject(unavailable('stored bars were only listed'));
    channel ??= open(name);
    const asking = channel;
    const ask = (asked += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(ask);
        reject(unavailable('the stored bars were not answered with in time'));
      }, ANSWER_MS);
      waiting.set(ask, (answered) => {
        clearTimeout(timer);
        if ('bars' in answered) resolve(answered.bars);
        else reject(unavailable(answered.problem));
      });
      asking.postMessage({ ask, page } satisfies Asked);
    });
  });
}

const unavailable = (problem: string): MarketDataError => new MarketDataError('UNAVAILABLE', problem);
