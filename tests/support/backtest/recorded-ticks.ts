import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { feedMessages } from '../venue/recorded-feeds.ts';
import { START } from './run-backtest.ts';
import type { LevelRow, QuoteRow, TradeRow } from './tick-rows.ts';

const FOLDER = new URL('../../../../shared/data/', import.meta.url);

type Levels = readonly (readonly [string, string])[];
interface Line {
  readonly lastUpdateId?: number;
  readonly bids?: Levels;
  readonly asks?: Levels;
  readonly stream?: string;
  readonly data?: {
    readonly T: number;
    readonly u: number;
    readonly b: Levels;
    readonly a: Levels;
    readonly p: string;
    readonly q: string;
    readonly m: boolean;
  };
}

/** Ten minutes of BTCUSDT at Binance: levels as they are set, and trades; times as the exchange gave them. */
export function binanceRows(): { readonly levels: LevelRow[]; readonly trades: TradeRow[] } {
  const lines = feedMessages('crypto_l2/binance_usdm_btcusdt_20240808.gz', ' ') as Line[];
  const snapshot = lines.find(({ lastUpdateId }) => lastUpdateId !== undefined);
  const levels: LevelRow[] = [];
  const trades: TradeRow[] = [];
  let message = 0;
  const set = (at: number, bids: Levels = [], asks: Levels = []): void => {
    for (const [price, size] of bids) levels.push([at, 1, Number(price), Number(size), message]);
    for (const [price, size] of asks) levels.push([at, -1, Number(price), Number(size), message]);
  };
  for (const { data, stream } of lines) {
    if (data === undefined || stream === 'btcusdt@bookTicker') continue;
    const at = data.T - START;
    if (stream === 'btcusdt@trade') {
      // The buyer was the maker: a seller took.
      if (Number(data.q) > 0) trades.push([at, Number(data.p), Number(data.q), data.m ? -1 : 1]);
    } else if (data.u >= (snapshot?.lastUpdateId ?? 0)) {
      if (message === 0) {
        levels.push([at, 'SNAPSHOT', message]);
        set(at, snapshot?.bids, snapshot?.asks);
      }
      message += 1;
      set(at, data.b, data.a);
    }
  }
  return { levels: inOrder(levels), trades: inOrder(trades) };
}

/** IBM on 2013-10-07: quotes of single exchanges, and trades, from 4 in the morning on. */
export function ibmRows(): { readonly quotes: QuoteRow[]; readonly trades: TradeRow[] } {
  const midnight = Date.UTC(2013, 9, 7, 4) - START;
  const rows = (name: string): number[][] =>
    gunzipSync(readFileSync(new URL(name, FOLDER)))
      .toString('utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
  const price = (value = 0): number => value / 10_000;
  return {
    quotes: rows('ibm_tick_quote_20131007.csv.gz').map(([ms = 0, bid, bidSize = 0, ask, askSize = 0]) => {
      return [midnight + ms, price(bid), bidSize, price(ask), askSize];
    }),
    trades: rows('ibm_tick_trade_20131007.csv.gz').map(([ms = 0, at, size = 0]) => [
      midnight + ms,
      price(at),
      size,
      0,
    ]),
  };
}

const inOrder = <R extends readonly [number, ...unknown[]]>(rows: R[]): R[] => rows.sort(([a], [b]) => a - b);
