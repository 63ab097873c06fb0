import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../../core/market/bar.ts';
import type { Instrument } from '../../core/market/instrument.ts';
import type { Quote } from '../../core/market/quote.ts';
import type { Page } from '../../core/ports/order-reader.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import type { RequestContext } from '../context.ts';

export interface BarsRequest {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the first bar, inclusive; null is the beginning. */
  readonly from: number | null;
  /** Exclusive. */
  readonly to: number | null;
  readonly first: number;
  /** Only bars that start after it. */
  readonly after: number | null;
}

/** Market data for whoever may read. */
export interface MarketService {
  instrument(context: RequestContext, symbol: string): Instrument | null;
  /** By symbol; `search` finds parts of symbols and names in any case. */
  instruments(
    context: RequestContext,
    search: string | null,
    first: number,
    afterSymbol: string | null,
  ): Page<Instrument>;
  quote(context: RequestContext, symbol: string): Quote | null;
  /** Oldest first. NOT_FOUND for a symbol that is none. */
  bars(context: RequestContext, request: BarsRequest): Promise<Page<Bar>>;
  clock(context: RequestContext): ReturnType<MarketData['clock']>;
  /** ADMIN; BAD_USER_INPUT where the market is not replayed. */
  setSpeed(context: RequestContext, speed: number): Promise<ReturnType<MarketData['clock']>>;
}
