import type { Context, Logger, Permission } from '../../context.ts';
import type { Feed, FeedDefinition, FeedEvent, FeedHistoryRequest, FeedInstrument } from '../../feed.ts';
import type { BarInterval, VenueBar } from '../../venue-market.ts';
import { memoryStorage } from '../broker-conformance/memory-storage.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { feedConfigFor } from '../strategy-config.ts';
import type { FeedConformanceOptions } from './feed-conformance-options.ts';

/** A numbered case; `run` throws when the feed does not pass. */
export interface FeedCase {
  readonly number: string;
  readonly title: string;
  run(kit: FeedKit): Promise<void>;
}

/** A series of bars that a feed says it has. */
export interface BarSeries {
  readonly symbol: string;
  readonly interval: BarInterval;
}

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A feed with all that the cases run it with. */
export class FeedKit {
  readonly definition: FeedDefinition;
  readonly options: FeedConformanceOptions;

  constructor(definition: FeedDefinition, options: FeedConformanceOptions) {
    this.definition = definition;
    this.options = options;
  }

  get promptMs(): number {
    return this.options.promptMs ?? 2_000;
  }

  /** Opens a feed with nothing kept of earlier ones, and closes it after the work. */
  async with<T>(work: (feed: Feed) => Promise<T>, config: unknown = this.options.config): Promise<T> {
    const end = new AbortController();
    const feed = await this.definition.connect(
      feedConfigFor(this.definition, config),
      this.context(end.signal),
    );
    try {
      return await work(feed);
    } finally {
      end.abort();
      await this.promptly('close', feed.close());
    }
  }

  context(signal: AbortSignal): Context<Permission> {
    return Object.freeze({
      log: SILENT,
      signal,
      now: () => Date.now(),
      fetch: globalThis.fetch,
      secret: (name: string) => {
        const value = this.options.secrets?.[name];
        return value === undefined
          ? Promise.reject(new Error(`the options have no secret ${name}`))
          : Promise.resolve(value);
      },
      storage: memoryStorage(),
      ...this.options.context,
    });
  }

  /** Fails when it takes longer than whoever waits for it can wait. */
  async promptly<T>(what: string, work: Promise<T>): Promise<T> {
    const late = Symbol('late');
    const answer = await this.orAfter(work, this.promptMs, late);
    if (answer === late) throw new Finding(`${what} took longer than ${String(this.promptMs)} ms`);
    return answer;
  }

  async orAfter<T, L>(work: Promise<T>, ms: number, late: L): Promise<T | L> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await Promise.race([
        work,
        new Promise<L>((resolve) => {
          timer = setTimeout(() => {
            resolve(late);
          }, ms);
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The first events of a stream of all symbols: until there are enough, it ends, or says nothing for a while. */
  async streamed(feed: Feed, instruments: readonly FeedInstrument[]): Promise<readonly FeedEvent[]> {
    const { events: wanted = 200, quietMs = 1_000 } = this.options;
    const end = new AbortController();
    const symbols = instruments.map(({ symbol }) => symbol);
    const iterator = feed.stream({ symbols, after: null }, end.signal)[Symbol.asyncIterator]();
    const events: FeedEvent[] = [];
    try {
      while (events.length < wanted) {
        const next = await this.orAfter(iterator.next(), quietMs, null);
        if (next === null || next.done === true) break;
        events.push(next.value);
      }
    } finally {
      end.abort();
      await this.promptly('ending a stream', Promise.resolve(iterator.return?.()));
    }
    return events;
  }

  instruments(feed: Feed): Promise<readonly FeedInstrument[]> {
    return this.promptly('instruments', feed.instruments(new AbortController().signal));
  }

  series(instruments: readonly FeedInstrument[]): readonly BarSeries[] {
    return instruments.flatMap(({ barIntervals, symbol }) =>
      barIntervals.map((interval) => ({ symbol, interval })),
    );
  }

  /** At most so many bars of a history as the options have events. */
  async history(
    feed: Feed,
    request: Omit<FeedHistoryRequest, 'from' | 'to'> & Partial<FeedHistoryRequest>,
  ): Promise<readonly VenueBar[]> {
    const { events: wanted = 200 } = this.options;
    const bars: VenueBar[] = [];
    const asked = { from: null, to: null, ...request };
    for await (const bar of feed.history(asked, new AbortController().signal)) {
      bars.push(bar);
      if (bars.length >= wanted) break;
    }
    return bars;
  }
}

/** Throws when two things that have to be equal are not. */
export function same(what: string, found: unknown, expected: unknown): void {
  if (shown(found) !== shown(expected)) {
    throw new Finding(`${what}: ${shown(found).slice(0, 300)} instead of ${shown(expected).slice(0, 300)}`);
  }
}
