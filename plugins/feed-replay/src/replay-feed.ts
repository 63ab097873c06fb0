import { barEndOf, type MarketFiles, openMarketFiles, zoneOf } from '@omniquant/market-files';
import {
  defineFeed,
  type Feed,
  FeedError,
  type FeedEvent,
  type VenueBar,
  type VenueClock,
} from '@omniquant/plugin-sdk';

import { fingerprint, rangeOf, type ReplayConfig, ReplaySchema } from './config.ts';
import { createPace, type Pace } from './pace.ts';
import { openPosition, type Position } from './position.ts';
import { openRecording, type Recording } from './recording.ts';

/** Recorded data as if it happened now, at any speed. */
export const replayFeed = defineFeed({
  id: 'replay',
  description: 'Recorded market data at any speed',
  config: ReplaySchema,
  permissions: ['storage'],
  async connect(config, ctx): Promise<Feed> {
    const range = rangeOf(config);
    const files = await openMarketFiles(config, ctx.signal);
    try {
      const recording = await openRecording(files, range, config.loop, ctx.signal);
      const monotonic = (): number => performance.now();
      const position = await openPosition({
        ...{ log: ctx.log, storage: ctx.storage, monotonic },
        fingerprint: fingerprint(config),
      });
      const { longestGapMs = null, speed } = config;
      const start = position.promised ?? recording.startOf(0);
      const pace = createPace({ start, speed, longestGapMs, monotonic });
      return feedOf({ config, files, recording, pace, position });
    } catch (error) {
      files.close();
      throw error;
    }
  },
});

interface Replay {
  readonly config: ReplayConfig;
  readonly files: MarketFiles;
  readonly recording: Recording;
  readonly pace: Pace;
  readonly position: Position;
}

function feedOf(replay: Replay): Feed {
  const { files, pace, recording } = replay;
  const closing = new AbortController();
  /** What was told last: bars that were over by then are history. */
  let told = replay.position.promised ?? Number.NEGATIVE_INFINITY;

  const until = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);
  const clock = (): VenueClock => ({ at: pace.now(), replayed: true, speed: pace.speed });
  const checkSymbol = (symbol: string): void => {
    if (recording.instruments.has(symbol)) return;
    throw new FeedError('UNKNOWN_SYMBOL', `the recording does not have ${symbol}`);
  };

  return {
    resumable: true,
    instruments: () => Promise.resolve([...recording.instruments.values()]),
    async *stream({ after, symbols }, signal) {
      symbols.forEach(checkSymbol);
      const from = Math.max(after ?? Number.NEGATIVE_INFINITY, told);
      for await (const event of play(replay, new Set(symbols), from, until(signal))) {
        told = Math.max(told, pace.now());
        yield event;
      }
    },
    async *history({ from, interval, symbol, to }, signal) {
      checkSymbol(symbol);
      const series = files.series.find(
        (one) => one.kind === 'bars' && one.symbol === symbol && one.interval === interval,
      );
      if (series === undefined) {
        throw new FeedError('UNKNOWN_INTERVAL', `the recording has no bars of ${interval} of ${symbol}`);
      }
      const instrument = recording.instruments.get(symbol);
      const zone = zoneOf(instrument ?? { calendar: 'ALWAYS' });
      for (let round = 0; round === 0 || recording.startOf(round) <= told; round += 1) {
        const begin = from ?? Number.NEGATIVE_INFINITY;
        if (recording.startOf(round + 1) <= begin) continue;
        for await (const event of recording.bars(series, round, begin, until(signal))) {
          if (event.kind !== 'bar' || event.at < begin) continue;
          if (event.at >= (to ?? Number.POSITIVE_INFINITY) || barEndOf(event.at, interval, zone) > told) {
            return;
          }
          const { kind: _, ...bar } = event;
          yield bar satisfies VenueBar;
        }
        if (!replay.config.loop) return;
      }
    },
    clock: () => Promise.resolve(clock()),
    setSpeed(speed) {
      pace.setSpeed(speed);
      return Promise.resolve(clock());
    },
    close() {
      closing.abort(new FeedError('UNAVAILABLE', 'the replay is closed'));
      files.close();
      return Promise.resolve();
    },
  };
}

/** Events as market time passes, with its own word wherever nothing else happens. */
async function* play(
  { config, pace, position, recording }: Replay,
  symbols: ReadonlySet<string>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<FeedEvent> {
  const isOver = (): boolean => signal.aborted;
  /** The speed is that of when it is told: another may have been set while the position was written. */
  const tellTime = async function* (): AsyncGenerator<FeedEvent> {
    const at = pace.now();
    await position.promise(at, signal);
    if (!isOver()) yield { kind: 'clock', at, replayed: true, speed: pace.speed };
  };
  // It was opened earlier than it is taken.
  pace.reached(Math.max(pace.now(), after));
  yield* tellTime();
  for (let round = 0; ; round += 1) {
    if (config.loop && recording.startOf(round + 1) <= after) continue;
    let isEmpty = true;
    for await (const { at, event } of recording.events(round, symbols, after, signal)) {
      isEmpty = false;
      while (!(await pace.wait(at, signal))) {
        if (isOver()) return;
        yield* tellTime();
      }
      if (isOver()) return;
      await position.promise(at, signal);
      pace.reached(at);
      yield event;
    }
    // Nothing comes of beginning again with nothing.
    if (!config.loop || isEmpty || isOver()) return;
  }
}
