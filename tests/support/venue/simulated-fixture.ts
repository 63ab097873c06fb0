import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { VenueFill, VenueOrder, VenueQuote } from '@omniquant/plugin-sdk';
import type { BrokerFixture, Endpoints, FixtureVenue } from '@omniquant/plugin-sdk/testing';

import { MARKET_TERMS, soon } from './simulated-connection.ts';
import { VenueProcess } from './venue-process.ts';
import { VenueTap } from './venue-tap.ts';

/* The simulated venue, in a process of its own, as the conformance kit of brokers wants it. */

const ACCOUNT = 'account-1';
const OTHER = 'somebody-else';
const TOKEN = 'token-of-the-simulated-venue';
const DAY_MS = 24 * 3_600_000;
/** Between bid and ask of the first quote of the seed: it rests, and whoever takes it finds nothing better. */
const PRICE = '2038.25';

type Report = VenueFill | { readonly kind: 'busted'; readonly executionId: string };

class SimulatedFixture {
  readonly tap: VenueTap;
  private readonly venue: VenueProcess;

  constructor(venue: VenueProcess) {
    this.venue = venue;
    this.tap = new VenueTap(venue.url, TOKEN);
  }

  async ask<R>(method: string, path: string, body?: unknown): Promise<R> {
    const response = await fetch(`${this.venue.url}${path}`, {
      ...{ method, signal: soon(), headers: { authorization: `Bearer ${TOKEN}` } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as R;
  }

  orders(): Promise<readonly VenueOrder[]> {
    return this.ask<{ orders: VenueOrder[] }>('GET', `/accounts/${ACCOUNT}/ledger`).then(
      ({ orders }) => orders,
    );
  }

  async reports(): Promise<readonly Report[]> {
    return (await this.ask<{ events: Report[] }>('GET', `/accounts/${ACCOUNT}/fills?after=0`)).events;
  }

  /** An order that no gateway placed. */
  async place(account: string, terms: object): Promise<string> {
    const command = { kind: 'submit', account, venueOrderId: null, terms: { ...MARKET_TERMS, ...terms } };
    const { outcomes } = await this.ask<{ outcomes: { kind: string; brokerOrderId: string }[] }>(
      'POST',
      '/commands',
      { commands: [command] },
    );
    if (outcomes[0]?.kind !== 'accepted') throw new Error(JSON.stringify(outcomes));
    return outcomes[0].brokerOrderId;
  }

  /** Somebody else takes it. */
  async fill(venueOrderId: string, quantity: string): Promise<void> {
    const order = (await this.orders()).find((each) => each.venueOrderId === venueOrderId);
    if (order === undefined) throw new Error(`there is no order ${venueOrderId}`);
    const { limitPrice, side, symbol } = order.terms;
    const opposite = side === 'BUY' ? 'SELL' : 'BUY';
    await this.place(OTHER, {
      symbol,
      type: 'LIMIT',
      side: opposite,
      limitPrice,
      quantity,
      timeInForce: 'IOC',
    });
  }
}

async function openVenue(): Promise<FixtureVenue> {
  const dataDir = mkdtempSync(join(tmpdir(), 'venue-'));
  const process = await VenueProcess.start(
    '--data-dir',
    dataDir,
    '--seed',
    'kit',
    '--token',
    TOKEN,
    '--speed',
    '0.01',
  );
  const fixture = new SimulatedFixture(process);
  const { tap } = fixture;
  await fixture.ask('PUT', '/clock', { held: true });
  for (const account of [ACCOUNT, OTHER]) {
    await fixture.ask('POST', '/accounts', { account, currency: 'USD', startingCash: '10000000' });
  }
  const url = await tap.listen();
  const config = (endpoints: Endpoints, token: string) => ({
    config: { url: endpoints['venue'], token },
    secrets: {},
  });
  let quotes = 0;
  return {
    endpoints: { venue: url },
    connection: (endpoints) => config(endpoints, TOKEN),
    wrongConnection: (endpoints) => config(endpoints, 'another-token'),
    async close() {
      await tap.close();
      await process.end('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
    orders: () => fixture.orders(),
    async executions() {
      const reports = await fixture.reports();
      const busted = new Set(reports.flatMap((each) => (each.kind === 'busted' ? each.executionId : [])));
      return reports
        .filter((each) => each.kind === 'filled')
        .map(({ at, executionId, price, quantity, venueOrderId }) => ({
          ...{ executionId, venueOrderId, price, quantity, at },
          isBusted: busted.has(executionId),
        }));
    },
    positions: () => fixture.ask('GET', `/accounts/${ACCOUNT}/positions`),
    balances: () => fixture.ask('GET', `/accounts/${ACCOUNT}/balances`),
    requests: () => tap.commands,
    fill: (venueOrderId, quantity) => fixture.fill(venueOrderId, quantity),
    bust: (executionId) => fixture.ask('POST', `/executions/${executionId}/bust`),
    expire: () => fixture.ask('POST', '/clock/advance', { ms: DAY_MS }),
    async refuseNext() {
      await fixture.ask('POST', `/accounts/${ACCOUNT}/tamper`, { cash: '-9999999' });
      return { code: 'INSUFFICIENT_FUNDS', raw: 'margin multiplier' };
    },
    async limitRate() {
      await fixture.ask('PUT', '/faults', { requests: { ordersPerSecond: 0.000_1 } });
      return null;
    },
    lift: () => fixture.ask('PUT', '/faults', { requests: { ordersPerSecond: 0 } }),
    placeForeign: () =>
      fixture.place(ACCOUNT, { type: 'LIMIT', limitPrice: '50', quantity: '7', timeInForce: 'GTC' }),
    sayUnknown() {
      tap.say({ op: 'merger', between: ['AAPL', 'SPX'] });
      tap.say({ op: 'heartbeat', mood: 'good' });
      return true;
    },
    repeatPages() {
      tap.repeatsPages = true;
      return true;
    },
    market: {
      otherSymbol: 'AAPL',
      refusedSymbol: 'NOPE',
      quote(symbol) {
        quotes += 1;
        const quote = { symbol, bid: `${String(100 + quotes)}.01`, ask: `${String(100 + quotes)}.03` };
        tap.say({
          op: 'market',
          clock: { at: 1, replayed: true, speed: 1 },
          quotes: [quoteOf(quote)],
          trades: [],
        });
        return quote;
      },
    },
  };
}

const quoteOf = (quote: Pick<VenueQuote, 'symbol' | 'bid' | 'ask'>): VenueQuote => ({
  ...{ ...quote, at: 1, bidSize: null, askSize: null, last: null },
});

export const simulatedFixture: BrokerFixture = {
  ...{ account: ACCOUNT, currency: 'USD', symbol: 'SPX', restingPrice: PRICE, quantity: '10' },
  farPrice: '1000',
  finest: { price: PRICE, quantity: '1234.5678' },
  fillsOfThreePages: 24,
  silenceMs: 8_000,
  openVenue,
};
