import { deny } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/** RESTRICTED_SYMBOL: no entries in symbols on the gateway's restricted list; positions may be closed. */
export const restrictedSymbol: RiskRule = {
  name: 'restricted-symbol',
  codes: ['RESTRICTED_SYMBOL'],
  compares: "the symbol with the gateway's restricted list",
  limit: 'the restricted list of the gateway',
  exempt: 'orders that only reduce a position',
  check: ({ instrument, addsExposure }, _state, { settings }) =>
    addsExposure && settings.restrictedSymbols.has(instrument.symbol)
      ? deny(
          'RESTRICTED_SYMBOL',
          `${instrument.symbol} is on this gateway's restricted list: positions in it may only be closed`,
          { field: 'symbol', symbol: instrument.symbol },
        )
      : null,
};
