import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import type { BrokerFixture, Endpoints, FixtureVenue } from '@omniquant/plugin-sdk/testing';

import { FakeAcme, TOKEN } from './fake-venue/server.ts';
import { toVenueOrder } from './wire.ts';

const ACCOUNT = 'account-1';

async function openVenue(): Promise<FixtureVenue> {
  const acme = new FakeAcme();
  const url = await acme.listen();
  const { book, streams } = acme;
  let quotes = 0;
  const connection = (endpoints: Endpoints, token: string) => ({
    config: { url: endpoints['api'], silenceMs: 400 },
    secrets: { token },
  });
  return {
    endpoints: { api: url },
    connection: (endpoints) => connection(endpoints, TOKEN),
    wrongConnection: (endpoints) => connection(endpoints, 'a-token-that-is-wrong'),
    close: () => acme.close(),
    orders: () => book.orders.map((order) => toVenueOrder(ACCOUNT, order)),
    executions: () =>
      book.executions
        .filter(({ kind }) => kind === 'execution')
        .map(({ clientId, executionId, price, qty, time }) => ({
          ...{ executionId, price, quantity: qty, at: Date.parse(time), venueOrderId: clientId },
          isBusted: book.busted.has(executionId),
        })),
    positions: () =>
      [...book.holdings.positions].map(([symbol, quantity]) => ({
        symbol,
        quantity: formatDecimal(quantity),
      })),
    balances: () => [{ currency: 'USD', total: formatDecimal(book.holdings.cash) }],
    requests: () => acme.requests.map(({ clientId, kind }) => ({ kind, venueOrderId: clientId })),
    fill: (venueOrderId, quantity) => {
      book.fill(venueOrderId, quantity);
    },
    bust: (executionId) => {
      book.bust(executionId);
    },
    expire: (venueOrderId) => {
      book.end(venueOrderId, 'expired');
    },
    refuseNext: () => {
      acme.refusal = 'insufficient-funds';
      return { code: 'INSUFFICIENT_FUNDS', raw: 'insufficient-funds' };
    },
    limitRate: () => {
      acme.isLimited = true;
      return FakeAcme.retryAfterMs;
    },
    lift: () => {
      acme.isLimited = false;
    },
    placeForeign: () =>
      book.submit({
        ...{ clientId: null, symbol: 'ACME', side: 'buy', type: 'limit', tif: 'gtc', qty: '7' },
        ...{ limit: '50', stop: null },
      }).id,
    sayUnknown: () => {
      streams.send({ type: 'merger', between: ['ACME', 'OTHER'] });
      const [order] = book.orders;
      const strange = order ?? { id: '1', clientId: null, symbol: 'ACME', side: 'buy', time: book.time() };
      streams.send({ type: 'order', order: { ...strange, status: 'pending_review', mood: 'good' } });
      return true;
    },
    repeatPages: () => {
      acme.repeatsPages = true;
      return true;
    },
    limitConnections: () => {
      streams.isLimited = true;
    },
    market: {
      otherSymbol: 'OTHER',
      refusedSymbol: 'NOPE',
      quote: (symbol) => {
        quotes += 1;
        const quote = { symbol, bid: `${String(100 + quotes)}.000000001`, ask: `${String(101 + quotes)}.5` };
        streams.quote(symbol, { type: 'quote', time: book.time(), ...quote });
        return quote;
      },
    },
  };
}

/** What the cases of the SDK's kit run with: see `brokerConformance`. */
const fixture: BrokerFixture = {
  ...{ account: ACCOUNT, currency: 'USD', symbol: 'ACME', restingPrice: '100', quantity: '10' },
  finest: { price: '123456789.123456789', quantity: '0.123456789' },
  silenceMs: 5_000,
  openVenue,
};

export default fixture;
