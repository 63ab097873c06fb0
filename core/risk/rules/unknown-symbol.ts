import type { Denial } from '../denial.ts';
import { deny } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

export const denyUnknownSymbol = (symbol: string): Denial =>
  deny(
    'UNKNOWN_SYMBOL',
    `${JSON.stringify(symbol)} is no instrument of this account's market: give a symbol as the instruments query lists it`,
    { field: 'symbol', symbol },
  );

/** UNKNOWN_SYMBOL. Runs before all others: without an instrument there is no candidate. */
export const unknownSymbol: RiskRule = {
  name: 'unknown-symbol',
  codes: ['UNKNOWN_SYMBOL'],
  compares: 'the symbol with the instruments of the market',
  limit: 'instruments',
  exempt: 'none',
  check: ({ instrument }, _state, { market }) =>
    market.instrument(instrument.symbol) === undefined ? denyUnknownSymbol(instrument.symbol) : null,
};
