import type { Bus, StrategyNotice } from '../../../core/ports/bus.ts';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { WorkspaceReaders } from '../../../core/ports/order-reader.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { AccountHeads } from './account-heads.ts';

export interface StrategyWatchOptions {
  readonly accountId: string;
  readonly strategyId: string;
  readonly workspaceId: string;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly readers: WorkspaceReaders;
  readonly heads: AccountHeads;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Least time between two looks whether it has ended; ms. */
  readonly intervalMs: number;
}

export interface StrategyListener {
  said(notice: StrategyNotice): void;
  /** It has ended; it says no more. */
  over(): void;
}

/** One strategy as its subscribers in this process hear it. */
export interface StrategyWatch {
  readonly isOver: boolean;
  listen(listener: StrategyListener): () => void;
  close(): void;
}

const READ_TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;
/** What it said last may come after the commit of its end. */
const LAST_WORDS_MS = 500;

/**
 * What it says comes by the bus. That it has ended is in the read model: a commit of its account makes it
 * look there, at most once in the interval.
 */
export function watchStrategy(options: StrategyWatchOptions): StrategyWatch {
  const { accountId, strategyId, workspaceId, clock, telemetry } = options;
  const listeners = new Set<StrategyListener>();
  const closing = new AbortController();
  let known = 0;
  let isDue = true;
  let isBusy = false;
  let isOver = false;
  let notBefore = 0;
  let timer: Timer | null = null;

  async function hasEnded(): Promise<boolean> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
    const reader = options.readers.open(workspaceId, signal);
    try {
      const [row] = await reader.strategiesByIds([strategyId]);
      return row !== undefined && row.stoppedAt !== null;
    } finally {
      await reader.close().catch(() => undefined);
    }
  }

  async function look(): Promise<void> {
    timer = null;
    isDue = false;
    isBusy = true;
    try {
      if (await hasEnded()) {
        timer = clock.after(LAST_WORDS_MS, finish);
        return;
      }
      notBefore = clock.monotonic() + options.intervalMs;
    } catch (error) {
      if (closing.signal.aborted) return;
      telemetry.log('warn', 'a strategy could not be read for its subscribers', { error, strategyId });
      isDue = true;
      notBefore = clock.monotonic() + RETRY_MS;
    }
    isBusy = false;
    schedule();
  }

  function schedule(): void {
    if (!isDue || isBusy || timer !== null || closing.signal.aborted) return;
    timer = clock.after(Math.max(0, notBefore - clock.monotonic()), () => void look());
  }

  function finish(): void {
    isOver = true;
    for (const listener of [...listeners]) listener.over();
  }

  const unwatch = options.heads.watch(accountId, (seq) => {
    if (seq <= known) return;
    known = seq;
    isDue = true;
    schedule();
  });
  const unhear = options.bus.subscribe('strategyEvent', (notice) => {
    if (notice.strategyId !== strategyId || notice.workspaceId !== workspaceId) return;
    for (const listener of listeners) listener.said(notice);
  });
  schedule();

  return {
    get isOver() {
      return isOver;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing.abort();
      timer?.cancel();
      unwatch();
      unhear();
      listeners.clear();
    },
  };
}
