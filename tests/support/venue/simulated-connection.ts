import { simulated } from '@omniquant/broker-simulated';
import type { ApprovedOrder, Broker, OrderTerms } from '@omniquant/plugin-sdk';

import { RecordingSink } from './recording-sink.ts';

export interface Connection {
  readonly broker: Broker;
  readonly sink: RecordingSink;
}

const silent = (): void => undefined;

/** The simulated broker plugin, connected to a venue as the gateway would connect it. */
export const connectSimulated = async (url: string, token?: string): Promise<Connection> => {
  const sink = new RecordingSink();
  const context = {
    log: { debug: silent, info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
    now: () => Date.now(),
    fetch: globalThis.fetch,
  };
  const broker = await simulated.connect({ url, ...(token === undefined ? {} : { token }) }, context, sink);
  return { broker, sink };
};

/** A deadline that no passing test comes near. */
export const soon = (): AbortSignal => AbortSignal.timeout(10_000);

export const MARKET_TERMS: OrderTerms = {
  symbol: 'AAPL',
  side: 'BUY',
  type: 'MARKET',
  quantity: '10',
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
  timeInForce: 'GTC',
  expireAt: null,
  postOnly: false,
  reduceOnly: false,
  displayQuantity: null,
  extendedHours: false,
};

/** Stands in for the gateway's risk rules, which alone approve orders elsewhere. */
export const approved = (
  account: string,
  venueOrderId: string,
  terms: Partial<OrderTerms> = {},
): ApprovedOrder =>
  ({ ...MARKET_TERMS, ...terms, account, venueOrderId, traceparent: null }) as unknown as ApprovedOrder;

/** Asks the venue for something that only a test asks for. */
export const ask = async <R>(url: string, method: string, path: string, body?: unknown): Promise<R> => {
  const response = await fetch(`${url}${path}`, {
    method,
    signal: soon(),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as R;
};
