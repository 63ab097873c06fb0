import type {
  ApprovedOrder,
  Broker,
  BrokerCapabilities,
  BrokerOutcome,
  BrokerSink,
  VenueInstrument,
} from '@omniquant/plugin-sdk';
import { VENUE_CAPABILITIES } from '@omniquant/venue/venue-capabilities';

import type { BrokerConnector } from '../../../core/ports/broker-connector.ts';

/*
 * A venue without cost: it answers at once, fills market orders and cancels others at once, so that what is measured
 * is the gateway's own path.
 */

const CAPABILITIES: BrokerCapabilities = {
  ...VENUE_CAPABILITIES,
  settleMs: 1_000,
  buyingPowerMultiplier: '4',
  fees: { perUnit: '0', rate: '0', minimum: '0' },
};

const INSTRUMENT: VenueInstrument = {
  symbol: 'AAPL',
  name: 'Apple Inc.',
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  multiplier: '1',
  minQuantity: '1',
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: 'XNAS',
  calendar: 'ALWAYS',
};

const BID = '100';
const ASK = '100.01';

export function createInstantConnector(now: () => number): BrokerConnector {
  return {
    connect: (_ref, sink) => Promise.resolve(createInstantBroker(sink, now)),
    isExclusive: () => Promise.resolve(false),
    revisions: (refs) => Promise.resolve(refs.map(() => '')),
  };
}

function createInstantBroker(sink: BrokerSink, now: () => number): Broker {
  let orders = 0;
  const quoting = setInterval(quote, 200);

  function quote(): void {
    sink.quote({
      symbol: 'AAPL',
      at: now(),
      bid: BID,
      ask: ASK,
      bidSize: '1000',
      askSize: '1000',
      last: ASK,
    });
  }

  const submit = (order: ApprovedOrder): Promise<BrokerOutcome> => {
    orders += 1;
    const brokerOrderId = `B${String(orders)}`;
    const at = now();
    const { account, venueOrderId } = order;
    if (order.type === 'MARKET' && order.quantity !== null) {
      const message = { account, venueOrderId, brokerOrderId, at };
      const price = order.side === 'BUY' ? ASK : BID;
      sink.event({ kind: 'accepted', ...message, quantity: null });
      sink.event({
        kind: 'filled',
        ...message,
        executionId: `E${String(orders)}`,
        price,
        quantity: order.quantity,
        fee: '0',
        feeCurrency: 'USD',
        liquidity: 'TAKER',
        cursor: String(orders),
      });
    }
    return Promise.resolve({ kind: 'accepted', brokerOrderId, at });
  };
  const accepted = (): Promise<BrokerOutcome> =>
    Promise.resolve({ kind: 'accepted', brokerOrderId: 'B0', at: now() });

  setTimeout(() => {
    sink.status({ state: 'READY' });
    sink.clock({ at: now(), replayed: false, speed: 1 });
    quote();
  }, 0);

  return {
    capabilities: CAPABILITIES,
    marketData: {
      instruments: () => Promise.resolve([INSTRUMENT]),
      subscribe: quote,
      bars: () => Promise.resolve([]),
      clock: () => Promise.resolve({ at: now(), replayed: false, speed: 1 }),
    },
    attach: () => Promise.resolve(),
    detach: () => undefined,
    submit,
    replace: accepted,
    cancel({ account, venueOrderId }) {
      sink.event({ kind: 'canceled', account, venueOrderId, brokerOrderId: 'B0', at: now(), reason: null });
      return accepted();
    },
    lookup: () => Promise.resolve(null),
    openOrders: () => Promise.resolve([]),
    fillsSince: (_account, cursor) => Promise.resolve({ events: [], cursor }),
    positions: () => Promise.resolve([]),
    balances: () => Promise.resolve([]),
    close() {
      clearInterval(quoting);
      return Promise.resolve();
    },
  };
}
