import { setTimeout as sleep } from 'node:timers/promises';

import { defineFeed, type Feed, FeedError, type FeedEvent, T, type VenueBar } from '@omniquant/plugin-sdk';

import { listed } from '../scripted-feed.ts';

/** What may be wrong with the feed of these tests; without any of it the feed is sound. */
export interface FeedFlaws {
  readonly doublesBars?: boolean;
  readonly shufflesStream?: boolean;
  readonly includesEnd?: boolean;
  readonly pastDiffers?: boolean;
  readonly ignoresAbort?: boolean;
  readonly ignoresClose?: boolean;
  readonly leavesTimer?: boolean;
  readonly takesAnySymbol?: boolean;
  readonly isRandom?: boolean;
  readonly looksAhead?: boolean;
  readonly takesAnyConfig?: boolean;
  readonly doublesSymbols?: boolean;
  readonly tellsHighBelowLow?: boolean;
}

const START = Date.UTC(2024, 0, 2, 15, 0, 0);
const MINUTE = 60_000;
const COUNT = 40;

/** Forty minutes of one symbol, replayed as fast as they are taken. */
export const feedWith = (flaws: FeedFlaws) =>
  defineFeed({
    id: 'forty-minutes',
    description: 'Forty minutes of one symbol',
    config: T.Object({ symbol: T.String({ default: 'ACME' }) }),
    connect: ({ symbol }): Promise<Feed> => {
      if (symbol !== 'ACME' && flaws.takesAnyConfig !== true) {
        return Promise.reject(new FeedError('CONFIG_INVALID', 'symbol: there is only ACME'));
      }
      return Promise.resolve(openFeed(flaws));
    },
  });

function openFeed(flaws: FeedFlaws): Feed {
  const noise = flaws.isRandom === true ? Math.random() : 0;
  const closing = new AbortController();
  let told = START;
  const bars = Array.from({ length: COUNT }, (_, index): VenueBar => {
    const close = (10 + (index % 7) + noise).toFixed(4);
    return {
      ...{ symbol: 'ACME', interval: 'MINUTE_1', at: START + index * MINUTE, open: '10', high: '20' },
      ...{ low: flaws.tellsHighBelowLow === true ? '30' : '5', close, volume: '100', isClosed: true },
    };
  });
  if (flaws.leavesTimer === true) setInterval(() => undefined, 60_000);
  const over = (signal: AbortSignal): boolean =>
    (signal.aborted && flaws.ignoresAbort !== true) ||
    (closing.signal.aborted && flaws.ignoresClose !== true);
  const check = (symbol: string): void => {
    if (symbol !== 'ACME' && flaws.takesAnySymbol !== true) throw new FeedError('UNKNOWN_SYMBOL', symbol);
  };
  const streamed = (): readonly VenueBar[] => {
    if (flaws.doublesBars === true) return bars.flatMap((bar) => [bar, bar]);
    return flaws.shufflesStream === true ? [...bars].reverse() : bars;
  };

  return {
    instruments: () => {
      const acme = listed('ACME', ['MINUTE_1']);
      return Promise.resolve(flaws.doublesSymbols === true ? [acme, acme] : [acme]);
    },
    async *stream({ symbols }, signal): AsyncGenerator<FeedEvent> {
      symbols.forEach(check);
      for (const bar of streamed()) {
        if (over(signal)) return;
        told = Math.max(told, bar.at + MINUTE);
        yield await Promise.resolve({ kind: 'bar', ...bar });
      }
      while (!over(signal)) await sleep(5, undefined, { ref: false });
    },
    async *history({ from, interval, symbol, to }, signal) {
      check(symbol);
      if (interval !== 'MINUTE_1') throw new FeedError('UNKNOWN_INTERVAL', interval);
      for (const bar of bars) {
        if (over(signal)) return;
        const isBefore = to === null || (flaws.includesEnd === true ? bar.at <= to : bar.at < to);
        const isPast = flaws.looksAhead === true || bar.at + MINUTE <= told;
        if (!isBefore || !isPast || bar.at < (from ?? bar.at)) continue;
        yield await Promise.resolve(flaws.pastDiffers === true ? { ...bar, close: '12.5' } : bar);
      }
    },
    clock: () => Promise.resolve({ at: told, replayed: true, speed: 1 }),
    close() {
      closing.abort();
      return Promise.resolve();
    },
  };
}
