import type { Broker } from '../../broker.ts';
import type { VenueOrder } from '../../broker-events.ts';
import type { ApprovedOrder, BrokerOutcome } from '../../broker-requests.ts';
import type { OrderTerms } from '../../order-terms.ts';
import type { BrokerFixture } from '../broker-fixture.ts';
import type { BenchContext } from './bench-context.ts';
import { expectThat, Finding, type Patience } from './patience.ts';
import type { PluginWatch } from './plugin-watch.ts';
import type { Recorder } from './recorder.ts';

export type FillEvent = Awaited<ReturnType<Broker['fillsSince']>>['events'][number];

/** When the deadline of a request passes. */
export type Abort = { readonly when: () => boolean | Promise<boolean> };

/** More pages than this mean that the cursor does not get on. */
const MOST_PAGES = 1_000;

/** What it is called from. */
export interface Caller {
  readonly fixture: BrokerFixture;
  readonly patience: Patience;
  readonly watch: PluginWatch;
}

/** One connection of the plugin to the fake, called as a gateway calls it. */
export class Connected {
  readonly broker: Broker;
  readonly told: Recorder;
  readonly context: BenchContext;
  private readonly bench: Caller;
  private isClosed = false;

  constructor(bench: Caller, broker: Broker, told: Recorder, context: BenchContext) {
    this.bench = bench;
    this.broker = broker;
    this.told = told;
    this.context = context;
  }

  get account(): string {
    return this.bench.fixture.account;
  }

  untilReady(): Promise<void> {
    return this.bench.patience.until('READY', () => this.told.isReady);
  }

  untilDown(ms?: number): Promise<void> {
    return this.bench.patience.until('the status to leave READY', () => !this.told.isReady, ms);
  }

  attach(): Promise<void> {
    const { account, currency: baseCurrency } = this.bench.fixture;
    return this.read('attach', (signal) =>
      this.broker.attach({ account, baseCurrency, startingCash: null }, signal),
    );
  }

  /** A LIMIT order that rests. GTC, or DAY where the venue has no GTC. */
  order(venueOrderId: string, terms: Partial<OrderTerms> = {}): ApprovedOrder {
    const { quantity, restingPrice, symbol } = this.bench.fixture;
    const { timesInForce } = this.broker.capabilities;
    const plain: OrderTerms = {
      ...{ symbol, side: 'BUY', type: 'LIMIT', quantity, notional: null, limitPrice: restingPrice },
      ...{ stopPrice: null, trailingOffset: null, trailingOffsetType: null, expireAt: null },
      ...{ timeInForce: timesInForce.includes('GTC') ? 'GTC' : 'DAY', postOnly: false, reduceOnly: false },
      ...{ displayQuantity: null, extendedHours: false },
      ...terms,
    };
    // Only the gateway's risk rules approve orders elsewhere.
    const approved = { ...plain, account: this.account, venueOrderId, traceparent: null };
    return Object.freeze(approved) as unknown as ApprovedOrder;
  }

  submit(venueOrderId: string, terms?: Partial<OrderTerms>, abort?: Abort): Promise<BrokerOutcome> {
    return this.ask('submit', (signal) => this.broker.submit(this.order(venueOrderId, terms), signal), abort);
  }

  /** Of an order that the venue has to take. */
  async place(venueOrderId: string, terms?: Partial<OrderTerms>): Promise<string> {
    const outcome = await this.submit(venueOrderId, terms);
    expectThat(outcome.kind === 'accepted', () => `an order that the venue takes is ${shown(outcome)}`);
    return outcome.brokerOrderId;
  }

  cancel(venueOrderId: string, brokerOrderId: string | null = null, abort?: Abort): Promise<BrokerOutcome> {
    const request = { account: this.account, venueOrderId, brokerOrderId, traceparent: null };
    return this.ask('cancel', (signal) => this.broker.cancel(request, signal), abort);
  }

  replace(
    previous: { readonly venueOrderId: string; readonly brokerOrderId: string | null },
    venueOrderId: string,
    terms: Partial<OrderTerms>,
    abort?: Abort,
  ): Promise<BrokerOutcome> {
    const request = {
      previousVenueOrderId: previous.venueOrderId,
      previousBrokerOrderId: previous.brokerOrderId,
      order: this.order(venueOrderId, terms),
    };
    return this.ask('replace', (signal) => this.broker.replace(request, signal), abort);
  }

  lookup(venueOrderId: string): Promise<VenueOrder | null> {
    return this.read('lookup', (signal) => this.broker.lookup(this.account, venueOrderId, signal));
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.read('openOrders', (signal) => this.broker.openOrders(this.account, signal));
  }

  /** All since a cursor, page after page as a gateway does. */
  async fills(since: string | null = null): Promise<{ events: readonly FillEvent[]; cursor: string | null }> {
    const events: FillEvent[] = [];
    let cursor = since;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const from = cursor;
      const next = await this.read('fillsSince', (signal) =>
        this.broker.fillsSince(this.account, from, signal),
      );
      events.push(...next.events);
      if (next.cursor === null || next.cursor === from || next.events.length === 0) {
        return { events, cursor: next.cursor ?? from };
      }
      cursor = next.cursor;
    }
    throw new Finding(`fillsSince does not come to an end in ${String(MOST_PAGES)} pages`);
  }

  read<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { patience, watch } = this.bench;
    const signal = AbortSignal.timeout(patience.ms);
    return patience.wait(
      what,
      watch.run(() => call(signal)),
      patience.ms * 2,
    );
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    const { patience, watch } = this.bench;
    await patience.wait(
      'close',
      watch.run(() => this.broker.close()),
    );
    this.context.life.abort();
  }

  /** What becomes of a request. One that has no end of its own has to end with its deadline. */
  private async ask(
    what: string,
    call: (signal: AbortSignal) => Promise<BrokerOutcome>,
    abort?: Abort,
  ): Promise<BrokerOutcome> {
    const { patience, watch } = this.bench;
    const deadline = new AbortController();
    const answer = watch
      .run(() => call(deadline.signal))
      .catch((cause: unknown): never => {
        throw new Finding(`${what} threw: it has to answer unknown`, { cause });
      });
    // Handled below, and too late for Node while the abort is awaited.
    answer.catch(() => undefined);
    if (abort !== undefined) {
      let isAnswered = false;
      const note = (): void => void (isAnswered = true);
      answer.then(note, note);
      await patience.until(`the venue's part in a ${what}`, async () => isAnswered || (await abort.when()));
      deadline.abort(new DOMException('The deadline of the request passed', 'TimeoutError'));
    }
    return patience.wait(`${what}${abort === undefined ? '' : ' after its signal was aborted'}`, answer);
  }
}

export const shown = (value: unknown): string => JSON.stringify(value);
