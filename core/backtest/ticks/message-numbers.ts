/**
 * The numbers of a feed's messages, each one more than the one before; NaN where it has none.
 *
 *   stale -> begin -> following -> a number is missing -> stale
 */
export class MessageNumbers {
  isStale: boolean;
  /** Nothing has been taken yet. */
  isFresh = true;
  /** How often numbers were missing. */
  gaps = 0;
  private last = NaN;

  /** @param isStale Whether nothing is known before the first `begin`. */
  constructor(isStale = true) {
    this.isStale = isStale;
  }

  begin(sequence: number): void {
    this.last = sequence;
    this.isStale = false;
    this.isFresh = false;
  }

  /** Whether a message, or another part of the last one, may be taken. */
  follows(sequence: number): boolean {
    if (this.isStale) return false;
    if (sequence === this.last || Number.isNaN(sequence)) return true;
    if (sequence === this.last + 1 || Number.isNaN(this.last)) {
      this.last = sequence;
      return true;
    }
    this.gaps += 1;
    this.isStale = true;
    return false;
  }
}
