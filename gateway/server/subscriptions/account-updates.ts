import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { AccountView, WorkspaceReaders } from '../../../core/ports/order-reader.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { MarketData } from '../../../core/runtime/market-data.ts';
import type { AccountHeads } from './account-heads.ts';

export interface AccountUpdatesOptions {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly readers: WorkspaceReaders;
  readonly heads: AccountHeads;
  readonly market: Pick<MarketData, 'onQuote'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Least time between two updates; ms. */
  readonly intervalMs: number;
}

/** One account as its subscribers see it: read once for all of them. */
export interface AccountUpdates {
  readonly current: AccountView | null;
  listen(onChange: (view: AccountView) => void): () => void;
  close(): void;
}

const READ_TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;

/**
 * A commit makes it read the account anew; a new price of a symbol it holds only makes it tell the view
 * again, which is valued when it is shown. Either at most once in the interval.
 */
export function watchAccount(options: AccountUpdatesOptions): AccountUpdates {
  const { accountId, workspaceId, clock, telemetry } = options;
  const listeners = new Set<(view: AccountView) => void>();
  const closing = new AbortController();
  let view: AccountView | null = null;
  let held = new Set<string>();
  let known = 0;
  let due: 'nothing' | 'prices' | 'account' = 'account';
  let busy = false;
  let notBefore = 0;
  let timer: Timer | null = null;

  async function read(): Promise<AccountView | null> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
    const reader = options.readers.open(workspaceId, signal);
    try {
      const [found] = await reader.accountsByIds([accountId]);
      return found ?? null;
    } finally {
      await reader.close().catch(() => undefined);
    }
  }

  async function update(): Promise<void> {
    timer = null;
    busy = true;
    const wanted = due;
    due = 'nothing';
    try {
      // A new object for each update: what is shown of one object is made once.
      const next = wanted === 'account' ? await read() : view && { ...view };
      if (next !== null && !closing.signal.aborted) tell(next);
      notBefore = clock.monotonic() + options.intervalMs;
    } catch (error) {
      if (!closing.signal.aborted) {
        telemetry.log('warn', 'an account could not be read for its subscribers', { error, accountId });
      }
      due = 'account';
      notBefore = clock.monotonic() + RETRY_MS;
    }
    busy = false;
    schedule();
  }

  function tell(next: AccountView): void {
    view = next;
    known = Math.max(known, next.account.seq);
    held = new Set(next.positions.map(({ symbol }) => symbol));
    for (const listener of listeners) listener(next);
  }

  function schedule(): void {
    if (due === 'nothing' || busy || timer !== null || closing.signal.aborted) return;
    timer = clock.after(Math.max(0, notBefore - clock.monotonic()), () => void update());
  }

  const unwatch = options.heads.watch(accountId, (seq) => {
    if (seq <= known) return;
    known = seq;
    due = 'account';
    schedule();
  });
  const unquote = options.market.onQuote(({ symbol }) => {
    if (due !== 'nothing' || !held.has(symbol)) return;
    due = 'prices';
    schedule();
  });
  schedule();

  return {
    get current() {
      return view;
    },
    listen(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    close() {
      closing.abort();
      timer?.cancel();
      unwatch();
      unquote();
      listeners.clear();
    },
  };
}
