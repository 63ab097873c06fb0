import type { Logger, PluginStorage } from '@omniquant/plugin-sdk';

/**
 * How far the replay may have come, kept so that market time never goes back, not even after a kill: it is
 * written before anything later is told. A replay that is started again goes on there; what it had not told
 * by then is history.
 */
export interface Position {
  /** Market time up to which all may have been told; null for a replay that begins. */
  readonly promised: number | null;
  /** Resolves when `at` may be told. Waits for as long as it cannot be written. */
  promise(at: number, signal: AbortSignal): Promise<void>;
}

/** How much later than what it is asked for it writes, ms of real time at the present pace. */
const LEAD_MS = 1_000;
const LEAST_LEAD_MS = 1_000;
const RETRY_MS = 1_000;
const KEY = 'position';

export async function openPosition(options: {
  readonly storage: PluginStorage;
  readonly log: Logger;
  readonly fingerprint: string;
  readonly monotonic: () => number;
}): Promise<Position> {
  const { fingerprint, log, monotonic, storage } = options;
  let promised = readPosition(await storage.get(KEY), fingerprint);
  let last = { at: promised, time: monotonic() };

  /** Market time that passed in each ms since the last promise. */
  function lead(at: number): number {
    const { at: before, time } = last;
    const elapsed = Math.max(1, monotonic() - time);
    last = { at, time: monotonic() };
    return before === null ? LEAST_LEAD_MS : Math.max(LEAST_LEAD_MS, ((at - before) / elapsed) * LEAD_MS);
  }

  return {
    get promised() {
      return promised;
    },
    async promise(at, signal) {
      if (promised !== null && at <= promised) return;
      const next = Math.ceil(at + lead(at));
      while (!signal.aborted) {
        try {
          await storage.set(KEY, JSON.stringify({ fingerprint, promised: next }));
          promised = next;
          return;
        } catch (error) {
          log.warn('the position of the replay could not be kept; it waits', { error: String(error) });
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
    },
  };
}

function readPosition(text: string | null, fingerprint: string): number | null {
  if (text === null) return null;
  const kept = JSON.parse(text) as { readonly fingerprint?: unknown; readonly promised?: unknown };
  return kept.fingerprint === fingerprint && typeof kept.promised === 'number' ? kept.promised : null;
}
