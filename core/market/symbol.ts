/** A text that is no symbol. */
export class SymbolError extends Error {
  readonly code = 'INVALID_SYMBOL';

  constructor(symbol: string) {
    super(
      `symbol ${JSON.stringify(symbol.slice(0, 60))} is not canonical: write TICKER or TICKER.VENUE in capitals, ` +
        'digits, "-", "_" and "/", such as AAPL, BRK-B, BTC/USD or BTC-USD.KRAKEN',
    );
    this.name = 'SymbolError';
  }
}

/** A canonical symbol taken apart. */
export interface SymbolParts {
  readonly ticker: string;
  /** Null for an instrument that is not bound to one venue. */
  readonly venue: string | null;
}

/** At most 32 characters before the point, which also holds an option's OCC symbol, and 16 after it. */
const CANONICAL = /^([A-Z0-9][A-Z0-9/_-]{0,31})(?:\.([A-Z][A-Z0-9_-]{0,15}))?$/;

export const isSymbol = (text: string): boolean => CANONICAL.test(text);

/** Throws {@link SymbolError} for anything but TICKER or TICKER.VENUE. */
export const parseSymbol = (text: string): SymbolParts => {
  const [, ticker, venue] = CANONICAL.exec(text) ?? [];
  if (ticker === undefined) throw new SymbolError(text);
  return { ticker, venue: venue ?? null };
};
