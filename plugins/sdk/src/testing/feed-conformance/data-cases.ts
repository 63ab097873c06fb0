import { tryParseDecimal } from '../../decimal.ts';
import type { FeedEvent } from '../../feed.ts';
import type { VenueBar } from '../../venue-market.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { INTERVAL_MS } from '../intervals.ts';
import type { BarSeries, FeedCase } from './feed-kit.ts';
import { same } from './feed-kit.ts';

const isAbove = (text: string): boolean => (tryParseDecimal(text) ?? 0n) > 0n;
const isFrom = (text: string | null): boolean => text === null || (tryParseDecimal(text) ?? -1n) >= 0n;

function barProblem({ at, close, high, low, open, volume }: VenueBar): string | null {
  if (!Number.isSafeInteger(at)) return 'its time is no whole number of ms';
  if (![open, high, low, close].every(isAbove)) return 'a price is no decimal above zero';
  const [o = 0n, h = 0n, l = 0n, c = 0n] = [open, high, low, close].map(tryParseDecimal);
  if (h < o || h < c || l > o || l > c) return 'open or close is outside of low and high';
  return isFrom(volume) ? null : 'its volume is no decimal from zero';
}

function eventProblem(event: FeedEvent): string | null {
  if (event.kind === 'bar') return barProblem(event);
  if (!Number.isSafeInteger(event.at)) return 'its time is no whole number of ms';
  if (event.kind === 'trade') {
    return isAbove(event.price) && isFrom(event.size) ? null : 'price or size is no decimal';
  }
  if (event.kind !== 'quote') return null;
  const { ask, askSize, bid, bidSize, last } = event;
  const isRight = [bid, ask, last].every((side) => side === null || isAbove(side));
  return isRight && isFrom(bidSize) && isFrom(askSize) ? null : 'a price or size is no decimal';
}

/** When an event can be known: of a closed bar not before the shortest it can last. */
const knownAt = (event: FeedEvent): number =>
  event.kind === 'bar' && event.isClosed && INTERVAL_MS[event.interval] <= INTERVAL_MS.HOUR_1
    ? event.at + INTERVAL_MS[event.interval]
    : event.at;

export const orderCase: FeedCase = {
  number: 'F3',
  title: 'its stream is of the symbols asked for, well-formed, and in the order of market time',
  run: (kit) =>
    kit.with(async (feed) => {
      const instruments = await kit.instruments(feed);
      const symbols = new Set(instruments.map(({ symbol }) => symbol));
      let latest = Number.NEGATIVE_INFINITY;
      for (const event of await kit.streamed(feed, instruments)) {
        const problem = eventProblem(event);
        if (problem !== null) throw new Finding(`${problem}: ${shown(event)}`);
        if ('symbol' in event && !symbols.has(event.symbol)) {
          throw new Finding(`nobody asked for ${event.symbol}`);
        }
        // Where a day or week ends is the calendar's matter.
        if (event.kind === 'bar' && INTERVAL_MS[event.interval] > INTERVAL_MS.HOUR_1) continue;
        if (knownAt(event) < latest) throw new Finding(`it comes after something later: ${shown(event)}`);
        latest = Math.max(latest, knownAt(event));
      }
    }),
};

export const duplicatesCase: FeedCase = {
  number: 'F4',
  title: 'no bar is told as closed twice, and none after a later one',
  run: (kit) =>
    kit.with(async (feed) => {
      const last = new Map<string, number>();
      for (const event of await kit.streamed(feed, await kit.instruments(feed))) {
        if (event.kind !== 'bar' || !event.isClosed) continue;
        const key = `${event.symbol} ${event.interval}`;
        if (event.at <= (last.get(key) ?? Number.NEGATIVE_INFINITY)) {
          throw new Finding(`the bar of ${key} at ${String(event.at)} is told again, or late`);
        }
        last.set(key, event.at);
      }
    }),
};

function checkSeries({ interval, symbol }: BarSeries, bars: readonly VenueBar[]): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const bar of bars) {
    const problem = barProblem(bar);
    if (problem !== null) throw new Finding(`${problem}: ${shown(bar)}`);
    if (bar.symbol !== symbol || bar.interval !== interval) {
      throw new Finding(`nobody asked for ${shown(bar)}`);
    }
    if (!bar.isClosed) throw new Finding(`a bar of the past is open: ${shown(bar)}`);
    if (bar.at <= last) throw new Finding(`the past does not ascend at ${String(bar.at)}`);
    last = bar.at;
  }
}

export const historyCase: FeedCase = {
  number: 'F5',
  title: 'its past is of closed bars, ascending; from is within the range, to outside of it',
  run: (kit) =>
    kit.with(async (feed) => {
      const instruments = await kit.instruments(feed);
      // A replay has a past only once it has begun.
      await kit.streamed(feed, instruments);
      for (const series of kit.series(instruments)) {
        const all = await kit.history(feed, series);
        checkSeries(series, all);
        const [from, to] = [all[Math.floor(all.length / 4)]?.at, all[Math.floor((all.length * 3) / 4)]?.at];
        if (from === undefined || to === undefined) continue;
        const part = await kit.history(feed, { ...series, from, to });
        const expected = all.filter(({ at }) => at >= from && at < to);
        same(`bars from ${String(from)} to ${String(to)}`, part, expected);
      }
    }),
};

export const agreementCase: FeedCase = {
  number: 'F6',
  title: 'its past is what its stream told',
  run: (kit) =>
    kit.with(async (feed) => {
      const instruments = await kit.instruments(feed);
      const events = await kit.streamed(feed, instruments);
      for (const series of kit.series(instruments)) {
        const told = events.flatMap((event) => {
          if (event.kind !== 'bar' || event.symbol !== series.symbol) return [];
          const { kind: _, ...bar } = event;
          return bar.interval === series.interval && bar.isClosed ? [bar] : [];
        });
        const [first, last] = [told[0], told.at(-1)];
        if (first === undefined || last === undefined) continue;
        const past = await kit.history(feed, { ...series, from: first.at, to: last.at + 1 });
        same(`the past of ${series.symbol}`, past.map(ordered), told.map(ordered));
      }
    }),
};

/** In one order of fields: feeds may have another. */
const ordered = (bar: VenueBar): readonly unknown[] => [
  ...[bar.symbol, bar.interval, bar.at, bar.isClosed],
  ...[bar.open, bar.high, bar.low, bar.close, bar.volume],
];

export const determinismCase: FeedCase = {
  number: 'F10',
  title: 'opened again it has the same past, and a replay the same stream',
  async run(kit) {
    const look = () =>
      kit.with(async (feed) => {
        const instruments = await kit.instruments(feed);
        const events = await kit.streamed(feed, instruments);
        const isReplay = feed.clock !== undefined;
        const past = [];
        for (const series of kit.series(instruments)) {
          past.push(isReplay ? [] : await kit.history(feed, series));
        }
        return { instruments, past, events: isReplay ? events.filter(({ kind }) => kind !== 'clock') : [] };
      });
    const [first, second] = [await look(), await look()];
    same('its instruments', second.instruments, first.instruments);
    same('its past', second.past, first.past);
    const length = Math.min(first.events.length, second.events.length);
    same('its stream', second.events.slice(0, length), first.events.slice(0, length));
  },
};

export const clockCase: FeedCase = {
  number: 'F11',
  title: 'market time does not go back, and nothing of the past is later than it',
  run: (kit) =>
    kit.with(async (feed) => {
      if (feed.clock === undefined) return;
      const { signal } = new AbortController();
      const before = await kit.promptly('clock', feed.clock(signal));
      const instruments = await kit.instruments(feed);
      await kit.streamed(feed, instruments);
      const after = await kit.promptly('clock', feed.clock(signal));
      if (after.at < before.at) {
        throw new Finding(`it went back from ${String(before.at)} to ${String(after.at)}`);
      }
      for (const series of kit.series(instruments)) {
        // Whatever begins at its present is over later.
        const [ahead] = await kit.history(feed, { ...series, from: after.at });
        if (ahead !== undefined) throw new Finding(`it shows what has not happened yet: ${shown(ahead)}`);
      }
    }),
};
