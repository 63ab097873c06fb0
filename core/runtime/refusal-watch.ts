import type { SealedBatch } from './batch-draft.ts';

/**
 * Batches of an account that did not commit, in a row. After the first one the account is read again with
 * growing pauses: what stands in the way, a full disk, say, is not gone at once.
 *
 * A batch that is left out while the account is still ours was decided on an old state, or has rows that
 * the database refuses. The first goes by after a reload. For the second, works are decided one by one
 * after the second refusal in a row, so that only the one that is refused each time is given up.
 */
export interface RefusalWatch {
  /** Works are to be decided one by one. */
  readonly isWary: boolean;
  /** How long to wait before the account is read again. */
  readonly pauseMs: number;
  failed(): void;
  passed(sealed: SealedBatch): void;
  /** To be asked once for each batch that was left out: whether deciding this again would come to the same. */
  isHopeless(sealed: SealedBatch): boolean;
}

const WARY_AFTER = 2;
const HOPELESS_AFTER = 4;
const PAUSE_FROM_MS = 100;
const PAUSE_TO_MS = 2_000;

export function createRefusalWatch(): RefusalWatch {
  let inARow = 0;
  let failures = 0;
  return {
    get pauseMs() {
      return failures < 2 ? 0 : Math.min(PAUSE_FROM_MS * 2 ** (failures - 2), PAUSE_TO_MS);
    },
    failed() {
      failures += 1;
    },
    get isWary() {
      return inARow >= WARY_AFTER;
    },
    passed({ batch }) {
      if (batch !== null) {
        inARow = 0;
        failures = 0;
      }
    },
    isHopeless({ decided }) {
      inARow += 1;
      if (inARow < HOPELESS_AFTER || decided.length > 1) {
        return false;
      }
      inARow = 0;
      return true;
    },
  };
}
