import type {
  BarsRequest,
  BrokerMarketData,
  VenueBar,
  VenueInstrument,
  VenueQuote,
} from '@omniquant/plugin-sdk';

import type { Stream } from './stream.ts';

type Read = <T>(path: string, signal: AbortSignal) => Promise<T>;

/** Leave this out where the venue has no market data: the gateway then takes it from another. */
export const createMarketData = (read: Read, stream: Stream): BrokerMarketData => ({
  instruments: (signal) => read<VenueInstrument[]>('/v1/instruments', signal),
  subscribe: (symbols) => {
    stream.subscribe(symbols);
  },
  bars: ({ from, interval, limit, symbol, to }: BarsRequest, signal) => {
    const query = new URLSearchParams({ symbol, interval, limit: String(limit) });
    if (from !== null) query.set('from', String(from));
    if (to !== null) query.set('to', String(to));
    return read<VenueBar[]>(`/v1/bars?${query.toString()}`, signal);
  },
  async clock(signal) {
    const { time } = await read<{ time: string }>('/v1/clock', signal);
    return { at: Date.parse(time), replayed: false, speed: 1 };
  },
});

export const toQuote = (message: Readonly<Record<string, unknown>>): VenueQuote => ({
  symbol: String(message['symbol']),
  at: Date.parse(String(message['time'])),
  bid: String(message['bid']),
  ask: String(message['ask']),
  ...{ bidSize: null, askSize: null, last: null },
});
