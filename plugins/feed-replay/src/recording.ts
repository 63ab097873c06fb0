import {
  eventPrice,
  eventTime,
  type FileEvent,
  type MarketFiles,
  type Series,
} from '@omniquant/market-files';
import { BAR_INTERVALS, type BarInterval, FeedError, type FeedInstrument } from '@omniquant/plugin-sdk';

import type { ReplayRange } from './config.ts';
import { merge, type Timed } from './merge.ts';
import { createRounds, type Edges, type Rounds } from './rounds.ts';

/** What is replayed: files within a range, as often as they are. */
export interface Recording {
  readonly instruments: ReadonlyMap<string, FeedInstrument>;
  /** Events of a round that are known after `after`, in the order in which they become known. */
  events(
    round: number,
    symbols: ReadonlySet<string>,
    after: number,
    signal: AbortSignal,
  ): AsyncIterable<Timed<FileEvent>>;
  /** Bars of a round. */
  bars(series: Series, round: number, from: number, signal: AbortSignal): AsyncIterable<FileEvent>;
  /** When the first event of a round can be. */
  startOf(round: number): number;
}

const ORDER: readonly (BarInterval | null)[] = [...BAR_INTERVALS, null];
const KINDS: readonly Series['kind'][] = ['bars', 'quotes', 'trades'];

/** Longer than any bar: one that begins before a time may be over after it. */
const LONGEST_BAR_MS = 8 * 86_400_000;

/** Bars that are over go before ticks of the same instant, which belong to the next bar; finer ones before coarser. */
function inOrder(series: readonly Series[]): readonly Series[] {
  const rank = ({ interval, kind }: Series): number =>
    KINDS.indexOf(kind) * ORDER.length + ORDER.indexOf(interval);
  return [...series].sort((a, b) => rank(a) - rank(b) || (a.symbol < b.symbol ? -1 : 1));
}

/** @param isLooped Reads all of it once more, for the prices at its edges. */
export async function openRecording(
  files: MarketFiles,
  range: ReplayRange,
  isLooped: boolean,
  signal: AbortSignal,
): Promise<Recording> {
  const instruments = new Map(files.instruments.map((instrument) => [instrument.symbol, instrument]));
  const series = inOrder(files.series);
  const extents = series.flatMap(({ parts }) => parts);
  const { from, to } = range;
  if (
    !extents.some(({ first, last }) => last >= (from ?? last) && first < (to ?? Number.POSITIVE_INFINITY))
  ) {
    throw new FeedError('CONFIG_INVALID', 'start, end: nothing was recorded between them');
  }
  const span = {
    first: range.from ?? Math.min(...extents.map(({ first }) => first)),
    last: range.to ?? Math.max(...extents.map(({ last }) => last)),
  };
  const edges = isLooped ? await readEdges(files, series, range, signal) : new Map<string, Edges>();
  const rounds: Rounds = createRounds(span, edges, instruments);

  async function* eventsOf(
    one: Series,
    round: number,
    after: number,
    aborted: AbortSignal,
  ): AsyncGenerator<Timed<FileEvent>> {
    const instrument = instruments.get(one.symbol);
    if (instrument === undefined) return;
    const earliest = Math.max(
      range.from ?? Number.NEGATIVE_INFINITY,
      after - rounds.shiftOf(round) - LONGEST_BAR_MS,
    );
    const from = Number.isFinite(earliest) ? earliest : null;
    for await (const recorded of files.read(one, { from, to: range.to }, aborted)) {
      const event = rounds.place(recorded, round);
      const at = eventTime(event, instrument);
      if (at > after) yield { at, event };
    }
  }

  return {
    instruments,
    events: (round, symbols, after, aborted) =>
      merge(
        series.filter(({ symbol }) => symbols.has(symbol)).map((one) => eventsOf(one, round, after, aborted)),
      ),
    async *bars(one, round, from, aborted) {
      const earliest = Math.max(
        range.from ?? Number.NEGATIVE_INFINITY,
        from - rounds.shiftOf(round) - LONGEST_BAR_MS,
      );
      const bounds = { from: Number.isFinite(earliest) ? earliest : null, to: range.to };
      for await (const recorded of files.read(one, bounds, aborted)) yield rounds.place(recorded, round);
    },
    startOf: (round) => span.first + rounds.shiftOf(round),
  };
}

async function readEdges(
  files: MarketFiles,
  series: readonly Series[],
  { from, to }: ReplayRange,
  signal: AbortSignal,
): Promise<Map<string, Edges>> {
  const edges = new Map<string, Edges & { readonly firstAt: number; readonly lastAt: number }>();
  for (const one of series) {
    for await (const event of files.read(one, { from, to }, signal)) {
      const price = eventPrice(event);
      if (price === null) continue;
      const known = edges.get(event.symbol);
      const opening = event.kind === 'bar' ? event.open : price;
      const first =
        known === undefined || event.at < known.firstAt ? { firstPrice: opening, firstAt: event.at } : known;
      const last =
        known === undefined || event.at >= known.lastAt ? { lastPrice: price, lastAt: event.at } : known;
      edges.set(event.symbol, {
        ...{ firstPrice: first.firstPrice, firstAt: first.firstAt },
        ...{ lastPrice: last.lastPrice, lastAt: last.lastAt },
      });
    }
  }
  return edges;
}
