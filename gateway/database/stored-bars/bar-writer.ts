import type { Bar } from '../../../core/market/bar.ts';
import type { Instrument } from '../../../core/market/instrument.ts';
import type { BarOrigin, BarSink } from '../../../core/ports/bar-sink.ts';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { createSeriesIds } from './series-ids.ts';
import { writeBars, type WrittenBar } from './write-bars.ts';

export interface BarWriterOptions {
  /** The writer's, for what may wait. */
  readonly pool: ConnectionPool;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'count' | 'log' | 'gauge'>;
}

export interface BarWriter extends BarSink {
  /** Writes what waits, as far as that can be done soon. */
  close(): Promise<void>;
}

interface WaitingBar {
  readonly origin: BarOrigin;
  readonly instrument: Instrument;
  readonly bar: Bar;
}

/** Bars that wait, at most: some minutes of a thousand symbols. The oldest give way. */
const MOST_WAITING = 20_000;
const BATCH = 1_000;
const EVERY_MS = 1_000;
const STATEMENT_MS = 10_000;
/** Between two log lines of writes that fail. */
const WARN_EVERY_MS = 60_000;

/**
 * Writes bars in batches, about once a second. What cannot be written waits for the next time; nothing else waits for
 * it.
 */
export function createBarWriter({ clock, pool, telemetry }: BarWriterOptions): BarWriter {
  /** By series and start: of one bar the latest revision waits. */
  const waiting = new Map<string, WaitingBar>();
  const ids = createSeriesIds(pool);
  let timer: Timer | null = null;
  let writing: Promise<boolean> | null = null;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const count = (result: string, by: number): void => {
    if (by > 0) telemetry.count('stored_bars_total', { result }, by);
  };

  function warn(error: unknown): void {
    count('FAILED_WRITE', 1);
    if (clock.monotonic() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = clock.monotonic();
    telemetry.log('warn', 'bars could not be stored', { error, waiting: waiting.size });
  }

  async function writeOnce(): Promise<boolean> {
    const batch = [...waiting].slice(0, BATCH);
    const signal = AbortSignal.timeout(STATEMENT_MS);
    try {
      const rows: WrittenBar[] = [];
      for (const [, { bar, instrument, origin }] of batch) {
        rows.push({ series: await ids.idOf(origin, instrument, bar.interval, signal), bar });
      }
      count('WRITTEN', await writeBars(pool, rows, signal));
    } catch (error) {
      // Of a series that is not there any more, or whose database was replaced, a new one is made.
      ids.forget();
      warn(error);
      return false;
    }
    for (const [key, one] of batch) if (waiting.get(key) === one) waiting.delete(key);
    return true;
  }

  async function writeAll(): Promise<boolean> {
    while (waiting.size > 0) if (!(await writeOnce())) return false;
    return true;
  }

  /** One at a time. */
  async function flush(): Promise<void> {
    writing ??= writeAll();
    await writing;
    writing = null;
    telemetry.gauge('stored_bars_waiting', waiting.size);
    schedule();
  }

  function schedule(): void {
    if (isClosed || timer !== null || waiting.size === 0) return;
    timer = clock.after(EVERY_MS, () => {
      timer = null;
      void flush();
    });
  }

  return {
    put(origin, instrument, bar) {
      if (isClosed) return;
      const key = `${origin.source} ${origin.connection ?? ''} ${bar.symbol} ${bar.interval} ${String(bar.at)}`;
      const known = waiting.get(key);
      if (known !== undefined && known.bar.revision >= bar.revision) return;
      waiting.set(key, { origin, instrument, bar });
      if (waiting.size > MOST_WAITING) {
        const [oldest] = waiting.keys();
        if (oldest !== undefined) waiting.delete(oldest);
        count('DROPPED', 1);
      }
      if (writing === null) schedule();
    },
    async close() {
      isClosed = true;
      timer?.cancel();
      timer = null;
      await (writing ?? writeAll());
      count('DROPPED', waiting.size);
    },
  };
}
