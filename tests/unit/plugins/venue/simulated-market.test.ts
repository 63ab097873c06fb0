import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@omniquant/plugin-sdk';
import type { AccountState } from '@omniquant/venue/account-ledger';
import type { AccountMessage } from '@omniquant/venue/exchange-output';
import { PERFECT_EXECUTION } from '@omniquant/venue/execution-quality';
import { InstrumentGrid } from '@omniquant/venue/instrument-grid';
import { MarketReplay, STEP_MS } from '@omniquant/venue/market-replay';
import { MemoryArchive } from '@omniquant/venue/memory-archive';
import type { OrderState } from '@omniquant/venue/order-state';
import { RecordedSeries } from '@omniquant/venue/recorded-series';
import { type ExchangeSnapshot, SimulatedExchange } from '@omniquant/venue/simulated-exchange';
import { SimulatedMarket } from '@omniquant/venue/simulated-market';
import fc from 'fast-check';

import { MARKET_TERMS } from '../../../support/venue/simulated-connection.ts';
import { ACME } from '../../../support/venue/test-exchange.ts';

/** Two half days, which are short, with weeks between them. */
const FIRST = Date.UTC(2015, 10, 27);
const SECOND = Date.UTC(2015, 11, 24);
const RECORDED = [
  { day: FIRST / 86_400_000, open: '100', high: '102', low: '98', close: '101', volume: '40000000' },
  { day: SECOND / 86_400_000, open: '101', high: '103', low: '97', close: '99', volume: '40000000' },
];
const OPEN_TIME = 14.5 * 3_600_000;
const STEPS = (3.5 * 3_600_000) / STEP_MS;
const OPEN = FIRST + OPEN_TIME;
const END = SECOND + OPEN_TIME + STEPS * STEP_MS + 5_000;

const replay = new MarketReplay({
  seed: 'market',
  series: ['ACME', 'OTHER'].map(
    (symbol) => new RecordedSeries(new InstrumentGrid({ ...ACME, symbol }), RECORDED),
  ),
});

interface Order {
  readonly at: number;
  readonly terms: Partial<OrderTerms>;
}

/** A venue in memory that can be cut off and continued from what it would have on disk. */
class Run {
  readonly messages: AccountMessage[] = [];
  private readonly archive = new MemoryArchive();
  private readonly orders = new Map<number, string>();
  private exchange: SimulatedExchange;
  private market: SimulatedMarket;

  constructor() {
    this.exchange = this.newExchange();
    this.exchange.openAccount('A', 'USD', '1000000');
    this.exchange.setTime(OPEN - 1);
    this.market = new SimulatedMarket(replay, this.exchange, OPEN - 1);
  }

  advance(to: number, maxTicks?: number): void {
    while (this.market.now < to) this.market.advance(to, maxTicks);
    this.keep();
  }

  submit(id: number, terms: Partial<OrderTerms>): void {
    this.exchange.execute({
      kind: 'submit',
      account: 'A',
      venueOrderId: `o${id}`,
      terms: { ...MARKET_TERMS, symbol: 'ACME', ...terms },
    });
    this.keep();
  }

  restart(): void {
    const snapshot = JSON.parse(JSON.stringify(this.exchange.snapshot())) as ExchangeSnapshot;
    const accounts: AccountState[] = this.exchange.accounts();
    const orders = [...this.orders.values()].map((text) => JSON.parse(text) as OrderState);
    this.exchange = this.newExchange();
    this.exchange.restore(snapshot, accounts, orders);
    this.market = new SimulatedMarket(replay, this.exchange, snapshot.at);
  }

  private newExchange(): SimulatedExchange {
    return new SimulatedExchange({
      instruments: [ACME, { ...ACME, symbol: 'OTHER' }],
      seed: 'market',
      archive: this.archive,
      quality: {
        ...PERFECT_EXECUTION,
        slippageProbability: 0.5,
        slippageTicks: 4,
        partialFillProbability: 0.3,
      },
      marginMultiplier: '4',
    });
  }

  private keep(): void {
    const output = this.exchange.drain();
    this.archive.keep(output);
    this.messages.push(...output.messages);
    for (const order of output.orders) {
      if (order.status === 'WORKING' || order.status === 'TRIGGERED') {
        this.orders.set(order.id, JSON.stringify(order));
      } else this.orders.delete(order.id);
    }
  }
}

const order: fc.Arbitrary<Order> = fc
  .record({
    day: fc.constantFrom(FIRST, SECOND),
    step: fc.nat(STEPS + 5),
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    symbol: fc.constantFrom('ACME', 'OTHER'),
    shape: fc.constantFrom<Partial<OrderTerms>>(
      {},
      { type: 'LIMIT', limitPrice: '99.5' },
      { type: 'LIMIT', limitPrice: '100.5', displayQuantity: '2', timeInForce: 'DAY' },
      { type: 'STOP', stopPrice: '101.5' },
      { type: 'TRAILING_STOP', trailingOffset: '0.8', trailingOffsetType: 'PRICE' },
      { timeInForce: 'CLS' },
      { timeInForce: 'OPG' },
      { type: 'LIMIT', limitPrice: '90', timeInForce: 'GTD', expireAt: OPEN + 2 * 3_600_000 },
    ),
  })
  .map(({ day, step, side, symbol, shape }) => ({
    at: day + OPEN_TIME + step * STEP_MS,
    terms: { side, symbol, ...shape },
  }));

const byTime = (orders: readonly Order[]): Order[] => orders.toSorted((a, b) => a.at - b.at);

const play = (orders: readonly Order[], between: (run: Run, to: number) => void): AccountMessage[] => {
  const run = new Run();
  for (const [index, { at, terms }] of byTime(orders).entries()) {
    between(run, at);
    run.advance(at);
    run.submit(index, terms);
  }
  between(run, END);
  run.advance(END);
  return run.messages;
};

describe('the simulated market', () => {
  const orders = fc.array(order, { minLength: 1, maxLength: 8 });

  it('says the same however the time is cut', () => {
    fc.assert(
      fc.property(
        orders,
        fc.array(fc.nat(END - OPEN), { maxLength: 6 }),
        fc.integer({ min: 1, max: 5_000 }),
        (drawn, cuts, ticks) => {
          const stops = cuts.map((cut) => OPEN + cut).sort((a, b) => a - b);
          const cut = play(drawn, (run, to) => {
            for (const stop of stops) if (stop < to) run.advance(stop, ticks);
          });
          expect(cut).toEqual(play(drawn, () => undefined));
        },
      ),
      { numRuns: 10 },
    );
  });

  it('says the same when it is stopped and continued from what it had stored', () => {
    fc.assert(
      fc.property(orders, (drawn) => {
        // Between steps of the market, since what is left of a quote within one is not kept.
        const restarted = play(drawn, (run, to) => {
          run.advance(to - STEP_MS);
          run.restart();
        });
        expect(restarted).toEqual(play(drawn, () => undefined));
      }),
      { numRuns: 10 },
    );
  });
});
