import type { Bar as CoreBar } from '../../core/market/bar.ts';
import type { Instrument as CoreInstrument } from '../../core/market/instrument.ts';
import type { Page } from '../../core/ports/order-reader.ts';
import { pageSize, toConnection } from '../pagination/connection.ts';
import { cursorFormat, positionAfter } from '../pagination/cursor.ts';
import type { BarsArgs, InstrumentsArgs } from './market.args.ts';
import type { Bar, BarConnection, Instrument, InstrumentConnection } from './market.type.ts';
import type { BarsRequest } from './market-service.ts';

const INSTRUMENTS = cursorFormat<[symbol: string]>('instruments', ['string']);
const BARS = cursorFormat<[at: number]>('bars', ['number']);

/** Where the venue sets no minimum, one lot is the least that trades. */
export function toInstrument(instrument: CoreInstrument): Instrument {
  return { ...instrument, minQuantity: instrument.minQuantity ?? instrument.lotSize };
}

export function toBar(bar: CoreBar): Bar {
  return { ...bar, volume: bar.volume ?? 0n };
}

export function instrumentPosition({ after }: InstrumentsArgs): string | null {
  return positionAfter(after, (cursor) => INSTRUMENTS.decode(cursor)[0]);
}

export function toInstrumentConnection(page: Page<CoreInstrument>): InstrumentConnection {
  return toConnection(page, toInstrument, ({ symbol }) => INSTRUMENTS.encode(symbol));
}

export function barsRequest({ symbol, interval, from, to, first, after }: BarsArgs): BarsRequest {
  return {
    symbol,
    interval,
    from: from ?? null,
    to: to ?? null,
    first: pageSize(first),
    after: positionAfter(after, (cursor) => BARS.decode(cursor)[0]),
  };
}

export function toBarConnection(page: Page<CoreBar>): BarConnection {
  return toConnection(page, toBar, ({ at }) => BARS.encode(at));
}
