/** Counts of sockets, for their caps. */
export interface SocketCounter {
  /** The function gives the place back; null when there is none left. */
  admit(key: string): (() => void) | null;
  readonly total: number;
}

export function createSocketCounter(perKey: number, overall: number): SocketCounter {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    get total() {
      return total;
    },
    admit(key) {
      const count = counts.get(key) ?? 0;
      if (count >= perKey || total >= overall) return null;
      counts.set(key, count + 1);
      total += 1;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        total -= 1;
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}

/**
 * Browsers name the page that opens a socket: only pages of this very host and of the allowed origins may.
 * Other clients send no origin; they have no cookies or other credentials that a page could borrow.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
