import type { Bus } from '../../../core/ports/bus.ts';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { JournalHeads } from '../../../core/ports/journal-heads.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';

export interface AccountHeadsOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly heads: JournalHeads;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly pollIntervalMs: number;
}

/** Tells that journals have grown. */
export interface AccountHeads {
  /** `onHead` gets a sequence that is committed; it may repeat and may be behind an earlier one. */
  watch(accountId: string, onHead: (seq: number) => void): () => void;
  close(): void;
}

const READ_TIMEOUT_MS = 5_000;

/**
 * Commit notices wake at once; as the bus may lose any of them, the heads of all watched accounts are
 * also read at an interval, in one query.
 */
export function createAccountHeads(options: AccountHeadsOptions): AccountHeads {
  const { clock, telemetry } = options;
  const watchers = new Map<string, Set<(seq: number) => void>>();
  const closing = new AbortController();
  let timer: Timer | null = null;

  const tell = (accountId: string, seq: number): void => {
    for (const onHead of watchers.get(accountId) ?? []) onHead(seq);
  };
  const unsubscribe = options.bus.subscribe('commit', ({ accountId, to }) => {
    tell(accountId, to);
  });

  async function poll(): Promise<void> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
    try {
      const heads = await options.heads.heads([...watchers.keys()], signal);
      for (const [accountId, seq] of heads) tell(accountId, seq);
    } catch (error) {
      if (closing.signal.aborted) return;
      telemetry.count('account_tail_failures_total');
      telemetry.log('warn', 'the heads of followed journals could not be read', { error });
    }
    schedule();
  }

  function schedule(): void {
    timer = null;
    if (watchers.size === 0 || closing.signal.aborted) return;
    timer = clock.after(options.pollIntervalMs, () => void poll());
  }

  return {
    watch(accountId, onHead) {
      const set = watchers.get(accountId) ?? new Set();
      watchers.set(accountId, set);
      set.add(onHead);
      if (timer === null && watchers.size === 1 && set.size === 1) schedule();
      return () => {
        set.delete(onHead);
        if (set.size === 0 && watchers.get(accountId) === set) watchers.delete(accountId);
      };
    },
    close() {
      closing.abort();
      timer?.cancel();
      unsubscribe();
      watchers.clear();
    },
  };
}
