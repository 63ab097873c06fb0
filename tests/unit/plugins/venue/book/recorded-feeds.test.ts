import { expect, it } from '@jest/globals';
import { krakenChecksum, okxChecksum } from '@omniquant/venue/book/feed-checksums';
import { L2Replay } from '@omniquant/venue/book/l2-replay';

import {
  countOf,
  decimalsOf,
  describeFeeds,
  feedMessages,
} from '../../../../support/venue/recorded-feeds.ts';

type Levels = readonly (readonly string[])[];

interface Scale {
  readonly price: number;
  readonly lots: number;
}

function setAll(book: L2Replay, side: 'BUY' | 'SELL', levels: Levels | undefined, scale: Scale): void {
  for (const [price = '', lots = ''] of levels ?? []) {
    book.set(side, countOf(price, scale.price), countOf(lots, scale.lots));
  }
}

describeFeeds('recorded Kraken books (../shared)', () => {
  interface Part {
    readonly as?: Levels;
    readonly bs?: Levels;
    readonly a?: Levels;
    readonly b?: Levels;
    readonly c?: string;
  }
  const DEPTH = 1_000;
  const NAME = 'crypto_l2/kraken_book_crc_20210417.ndraw.gz';

  it('have the checksum of the exchange at each of 4,269 updates', () => {
    const books = new Map<string, { book: L2Replay; scale: Scale; printed: Scale }>();
    let [checked, right] = [0, 0];
    for (const message of feedMessages(NAME, ': ')) {
      if (!Array.isArray(message)) continue;
      const pair = message.at(-1) as string;
      for (const part of message.slice(1, -2) as Part[]) {
        if (part.as !== undefined) {
          const [price = '', lots = ''] = part.as[0] ?? [];
          const printed = { price: decimalsOf(price), lots: decimalsOf(lots) };
          // XMR/USD trades in cents and is printed with eight places, in which its highest ask is no safe integer.
          const scale = pair === 'XMR/USD' ? { ...printed, price: 2 } : printed;
          const book = new L2Replay();
          book.snapshot();
          books.set(pair, { book, scale, printed });
        }
        const known = books.get(pair);
        if (known === undefined) throw new Error(`${pair} has no snapshot`);
        const { book, scale, printed } = known;
        setAll(book, 'SELL', part.as ?? part.a, scale);
        setAll(book, 'BUY', part.bs ?? part.b, scale);
        book.truncate(DEPTH);
        if (part.c === undefined) continue;
        checked += 1;
        if (krakenChecksum(book, printed.price - scale.price) === Number(part.c)) right += 1;
      }
    }
    expect({ checked, right }).toEqual({ checked: 4_269, right: 4_269 });
  });
});

describeFeeds('recorded OKX books (../shared)', () => {
  interface Message {
    readonly arg?: { readonly channel: string; readonly instId: string };
    readonly action?: string;
    readonly data?: readonly { readonly asks: Levels; readonly bids: Levels; readonly checksum: number }[];
  }
  const SCALE = { price: 4, lots: 8 };

  it('have the checksum of the exchange at each of 290 messages', () => {
    const books = new Map<string, L2Replay>();
    let [checked, right] = [0, 0];
    for (const message of feedMessages('crypto_l2/okx_book_crc_20220513.ndraw.gz', ': ') as Message[]) {
      if (message.arg?.channel !== 'books') continue;
      for (const { asks, bids, checksum } of message.data ?? []) {
        const book = books.get(message.arg.instId) ?? new L2Replay();
        books.set(message.arg.instId, book);
        if (message.action === 'snapshot') book.snapshot();
        setAll(book, 'SELL', asks, SCALE);
        setAll(book, 'BUY', bids, SCALE);
        checked += 1;
        if (okxChecksum(book, SCALE.price, SCALE.lots) === checksum) right += 1;
      }
    }
    expect({ checked, right }).toEqual({ checked: 290, right: 290 });
  });
});

describeFeeds('a recorded Binance book (../shared)', () => {
  interface Update {
    readonly e?: string;
    readonly U: number;
    readonly u: number;
    readonly pu: number;
    readonly b: Levels;
    readonly a: Levels;
  }
  interface Ticker {
    readonly u: number;
    readonly b: string;
    readonly B: string;
    readonly a: string;
    readonly A: string;
  }
  interface Line {
    readonly lastUpdateId?: number;
    readonly bids?: Levels;
    readonly asks?: Levels;
    readonly stream?: string;
    readonly data?: unknown;
  }
  const FILE = 'crypto_l2/binance_usdm_btcusdt_20240808.gz';
  const SCALE = { price: 2, lots: 3 };

  it('has no gap, and at the end of each difference the best bid and ask that the exchange said', () => {
    const lines = feedMessages(FILE, ' ') as Line[];
    const tickers = lines
      .filter(({ stream }) => stream === 'btcusdt@bookTicker')
      .map(({ data }) => data as Ticker)
      .sort((x, y) => x.u - y.u);
    const snapshot = lines.find(({ lastUpdateId }) => lastUpdateId !== undefined);
    const book = new L2Replay();
    book.snapshot(snapshot?.lastUpdateId);
    setAll(book, 'BUY', snapshot?.bids, SCALE);
    setAll(book, 'SELL', snapshot?.asks, SCALE);
    const counts = { applied: 0, compared: 0, wrong: 0 };
    let next = 0;
    for (const { stream, data } of lines) {
      if (stream !== 'btcusdt@depth@0ms') continue;
      const { U, u, pu, b, a } = data as Update;
      if (!book.accepts({ first: U, last: u, previous: pu })) continue;
      setAll(book, 'BUY', b, SCALE);
      setAll(book, 'SELL', a, SCALE);
      counts.applied += 1;
      // The exchange sends a ticker whenever the best bid or ask changes.
      while (next < tickers.length && (tickers[next]?.u ?? 0) <= u) next += 1;
      const ticker = tickers[next - 1];
      if (ticker === undefined) continue;
      counts.compared += 1;
      const said = [
        { price: countOf(ticker.b, SCALE.price), lots: countOf(ticker.B, SCALE.lots) },
        { price: countOf(ticker.a, SCALE.price), lots: countOf(ticker.A, SCALE.lots) },
      ];
      const built = [...book.depth('BUY', 1), ...book.depth('SELL', 1)];
      if (JSON.stringify(said) !== JSON.stringify(built)) counts.wrong += 1;
    }
    expect(counts).toEqual({ applied: 6_547, compared: 6_547, wrong: 0 });
  });
});
