import type { Feed, FeedEvent, FeedInstrument, FeedStreamRequest, VenueBar } from '@omniquant/plugin-sdk';

/** A feed that says and does what a test wants. */
export interface ScriptedFeed {
  readonly feed: Feed;
  /** Streams that were asked for, the latest last. */
  readonly requests: FeedStreamRequest[];
  readonly closed: () => number;
  tell(...events: readonly FeedEvent[]): void;
  /** Ends the stream at hand, with an error if there is one. */
  end(error?: Error): void;
}

export const listed = (
  symbol: string,
  barIntervals: FeedInstrument['barIntervals'] = [],
): FeedInstrument => ({
  ...{
    symbol,
    name: null,
    assetClass: 'EQUITY',
    currency: 'USD',
    tickSize: '0.01',
    lotSize: '1',
    multiplier: '1',
  },
  ...{ minQuantity: null, maxQuantity: null, shortable: true, fractionable: false, exchange: null },
  ...{ calendar: 'US_EQUITY', barIntervals },
});

export function createScriptedFeed(
  instruments: readonly FeedInstrument[],
  parts: Partial<Feed> & { readonly bars?: readonly VenueBar[] } = {},
): ScriptedFeed {
  const { bars = [], ...own } = parts;
  const requests: FeedStreamRequest[] = [];
  const waiting: FeedEvent[] = [];
  let over: { readonly error: Error | undefined } | null = null;
  let wake = (): void => undefined;
  let closed = 0;

  return {
    requests,
    closed: () => closed,
    tell(...events) {
      waiting.push(...events);
      wake();
    },
    end(error) {
      over = { error };
      wake();
    },
    feed: {
      instruments: () => Promise.resolve(instruments),
      async *stream(request, signal) {
        requests.push(request);
        over = null;
        signal.addEventListener('abort', () => {
          wake();
        });
        while (!signal.aborted) {
          const event = waiting.shift();
          if (event !== undefined) {
            yield event;
            continue;
          }
          const end = over as { readonly error: Error | undefined } | null;
          if (end !== null) {
            if (end.error !== undefined) throw end.error;
            return;
          }
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
      async *history({ from, interval, symbol, to }) {
        for (const bar of bars) {
          const isAsked = bar.symbol === symbol && bar.interval === interval;
          if (isAsked && bar.at >= (from ?? bar.at) && bar.at < (to ?? Infinity)) {
            yield await Promise.resolve(bar);
          }
        }
      },
      close() {
        closed += 1;
        return Promise.resolve();
      },
      ...own,
    },
  };
}
