import { type BacktestRow, isOver } from '../../../core/ports/backtests.ts';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { FeedReader } from './feed.ts';

/** Reads a backtest or a sweep of a workspace; null for one that is not there. */
export type ReadProgress<R> = (workspaceId: string, id: string, signal: AbortSignal) => Promise<R | null>;

export interface ProgressWatchOptions<R> {
  readonly id: string;
  readonly workspaceId: string;
  readonly read: ReadProgress<R>;
  /** Whether subscribers are to be told. */
  readonly hasChanged: (now: R, before: R) => boolean;
  /** Calls back when something is said of it; returns what ends that. */
  readonly onNotice: (listener: () => void) => () => void;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Between two looks that nobody asked for: a lost message is noticed. */
  readonly intervalMs: number;
}

/** One backtest or sweep as its subscribers see it: read once for all of them. */
export interface ProgressWatch<R> {
  readonly current: R | null;
  /** It has ended and `current` says how, or it is not there any more. */
  readonly isOver: boolean;
  listen(onChange: () => void): () => void;
  close(): void;
}

const READ_TIMEOUT_MS = 10_000;

export function watchProgress<R extends Pick<BacktestRow, 'status'>>(
  options: ProgressWatchOptions<R>,
): ProgressWatch<R> {
  const { clock, hasChanged, id, intervalMs, read, telemetry, workspaceId } = options;
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let current: R | null = null;
  let hasEnded = false;
  let isBusy = false;
  let isDue = false;
  let timer: Timer | null = null;

  async function update(): Promise<void> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
    try {
      const row = await read(workspaceId, id, signal);
      const isNews = row === null || current === null || hasChanged(row, current);
      hasEnded = row === null || isOver(row);
      if (!isNews) return;
      current = row ?? current;
      for (const listener of [...listeners]) listener();
    } catch (error) {
      if (closing.signal.aborted) return;
      telemetry.log('warn', 'its progress could not be read for subscribers', { error, id });
    }
  }

  /** One at a time; what is asked for meanwhile is one more. */
  function look(): void {
    timer?.cancel();
    timer = null;
    if (closing.signal.aborted || hasEnded) return;
    isDue = isBusy;
    if (isBusy) return;
    isBusy = true;
    void update().finally(() => {
      isBusy = false;
      if (isDue) look();
      else if (!hasEnded && !closing.signal.aborted) timer = clock.after(intervalMs, look);
    });
  }

  const unsubscribe = options.onNotice(look);
  look();

  return {
    get current() {
      return current;
    },
    get isOver() {
      return hasEnded;
    },
    listen(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    close() {
      closing.abort();
      timer?.cancel();
      unsubscribe();
      listeners.clear();
    },
  };
}

/** The latest of it for one subscriber, and at last how it ended. */
export function openProgressReader<R extends object>(
  watch: ProgressWatch<R>,
  release: () => void,
  wake: () => void,
): FeedReader<R> {
  let taken: R | null = null;
  let isClosed = false;
  const stop = watch.listen(wake);
  if (watch.current !== null || watch.isOver) wake();
  return {
    get end() {
      return isClosed || (watch.isOver && watch.current === taken) ? 'done' : null;
    },
    take() {
      const { current } = watch;
      if (isClosed || current === null || current === taken) return null;
      taken = current;
      return current;
    },
    setBlocked: () => undefined,
    close() {
      if (isClosed) return;
      isClosed = true;
      stop();
      release();
    },
  };
}
