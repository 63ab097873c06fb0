import type { InstrumentView } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Instrument } from '../market/instrument.ts';

/** What a strategy is told of its instruments; those that the market does not know are left out. */
export const instrumentViews = (
  market: { readonly instrument: (symbol: string) => Instrument | undefined },
  symbols: readonly string[],
): InstrumentView[] =>
  symbols.flatMap((symbol) => {
    const instrument = market.instrument(symbol);
    if (instrument === undefined) return [];
    const { currency, fractionable, lotSize, multiplier, shortable, tickSize } = instrument;
    return [
      {
        ...{ symbol, currency, fractionable, shortable },
        tickSize: formatDecimal(tickSize),
        lotSize: formatDecimal(lotSize),
        multiplier: formatDecimal(multiplier),
      },
    ];
  });
