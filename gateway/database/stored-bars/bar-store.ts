import type { BarSink } from '../../../core/ports/bar-sink.ts';
import type { Timer } from '../../../core/ports/clock.ts';
import { type BarWriterOptions, createBarWriter } from './bar-writer.ts';
import { forgetOldBars } from './forget-old-bars.ts';

export interface BarStoreOptions extends BarWriterOptions {
  /** Bars older than so many days are forgotten; 0 keeps all. */
  readonly days: number;
}

/** Where a gateway keeps bars. */
export interface BarStore extends BarSink {
  close(): Promise<void>;
}

const FORGET_EVERY_MS = 3_600_000;
/** After a start there is more important work. */
const FIRST_MS = 60_000;

/** Writes bars, and forgets old ones about once an hour. */
export function openBarStore({ days, ...options }: BarStoreOptions): BarStore {
  const { clock, pool, telemetry } = options;
  const writer = createBarWriter(options);
  const closing = new AbortController();
  let forgetting: Promise<void> = Promise.resolve();
  let timer: Timer | null = null;

  async function forget(): Promise<void> {
    try {
      const removed = await forgetOldBars(pool, days, closing.signal);
      if (removed > 0) telemetry.count('stored_bars_total', { result: 'FORGOTTEN' }, removed);
    } catch (error) {
      if (!closing.signal.aborted) telemetry.log('warn', 'old bars could not be removed', { error });
    }
    if (!closing.signal.aborted) forgetIn(FORGET_EVERY_MS);
  }

  function forgetIn(ms: number): void {
    timer = clock.after(ms, () => {
      forgetting = forget();
    });
  }

  if (days > 0) forgetIn(FIRST_MS);
  return {
    put: (origin, instrument, bar) => {
      writer.put(origin, instrument, bar);
    },
    async close() {
      closing.abort();
      timer?.cancel();
      await Promise.all([writer.close(), forgetting]);
    },
  };
}
