import type { OrderTerms, VenueInstrument } from '@omniquant/plugin-sdk';
import type { CommandOutcome } from '@omniquant/venue/commands';
import type { AccountMessage, ExchangeOutput } from '@omniquant/venue/exchange-output';
import { type ExecutionQuality, PERFECT_EXECUTION } from '@omniquant/venue/execution-quality';
import type { MarketTick } from '@omniquant/venue/market-tick';
import { MemoryArchive } from '@omniquant/venue/memory-archive';
import { SimulatedExchange } from '@omniquant/venue/simulated-exchange';

import { MARKET_TERMS } from './simulated-connection.ts';

export const ACME: VenueInstrument = {
  symbol: 'ACME',
  name: null,
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '0.5',
  multiplier: '1',
  minQuantity: null,
  maxQuantity: '1000',
  shortable: true,
  fractionable: true,
  exchange: null,
  calendar: 'US_EQUITY',
};

/** An exchange with one symbol and one account, moved by hand. Prices in cents, sizes in half units. */
export class TestExchange {
  readonly exchange: SimulatedExchange;
  readonly archive = new MemoryArchive();
  readonly messages: AccountMessage[] = [];
  readonly outputs: ExchangeOutput[] = [];
  private at = 1_000_000;

  constructor(quality: Partial<ExecutionQuality> = {}, instrument: Partial<VenueInstrument> = {}) {
    this.exchange = new SimulatedExchange({
      instruments: [{ ...ACME, ...instrument }],
      seed: 'test',
      archive: this.archive,
      quality: { ...PERFECT_EXECUTION, ...quality },
      marginMultiplier: '2',
    });
    this.exchange.openAccount('A', 'USD', '10000');
    this.exchange.setTime(this.at);
  }

  /** Opens the market at a price and quotes it with a spread of two cents. */
  open(price: number): this {
    this.exchange.open('ACME', price);
    return this.quote(price);
  }

  close(price: number): this {
    this.exchange.close('ACME', price);
    return this.drain();
  }

  /** A trade at a price with a quote one cent to either side, a second later. */
  quote(last: number, tick: Partial<MarketTick> = {}): this {
    this.at += 1_000;
    this.exchange.setTime(this.at);
    this.exchange.expireDated('ACME');
    const sides = { bid: last - 1, ask: last + 1, bidSize: 200, askSize: 200 };
    this.exchange.tick('ACME', { at: this.at, last, volume: 200, ...sides, ...tick });
    return this.drain();
  }

  submit(venueOrderId: string, terms: Partial<OrderTerms>, account = 'A'): CommandOutcome {
    const full = { ...MARKET_TERMS, symbol: 'ACME', ...terms };
    const outcome = this.exchange.execute({ kind: 'submit', account, venueOrderId, terms: full });
    this.drain();
    return outcome;
  }

  replace(previous: string, venueOrderId: string, terms: Partial<OrderTerms>): CommandOutcome {
    const outcome = this.exchange.execute({
      kind: 'replace',
      account: 'A',
      previousVenueOrderId: previous,
      previousBrokerOrderId: null,
      venueOrderId,
      terms: { ...MARKET_TERMS, symbol: 'ACME', ...terms },
    });
    this.drain();
    return outcome;
  }

  cancel(venueOrderId: string): CommandOutcome {
    const outcome = this.exchange.execute({
      kind: 'cancel',
      account: 'A',
      venueOrderId,
      brokerOrderId: null,
    });
    this.drain();
    return outcome;
  }

  drain(): this {
    const output = this.exchange.drain();
    this.archive.keep(output);
    this.outputs.push(output);
    this.messages.push(...output.messages);
    return this;
  }

  /** What was said about an order, in short: fills as 'filled 5@100.01 MAKER'. */
  story(venueOrderId: string): string[] {
    return this.messages.flatMap(({ event }) => {
      if (!('venueOrderId' in event) || event.venueOrderId !== venueOrderId) return [];
      if (event.kind === 'filled') {
        return [`filled ${event.quantity}@${event.price} ${event.liquidity ?? 'AUCTION'}`];
      }
      if (event.kind === 'stopMoved') {
        return [`stopMoved ${event.stopPrice} ${event.limitPrice ?? ''}`.trim()];
      }
      if ('code' in event) return [`${event.kind} ${event.code}`];
      return [event.kind];
    });
  }

  position(account = 'A'): number {
    return this.exchange.account(account)?.positions.get('ACME') ?? 0;
  }
}
