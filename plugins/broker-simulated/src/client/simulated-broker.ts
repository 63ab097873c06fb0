import type {
  ApprovedOrder,
  AttachRequest,
  BarsRequest,
  Broker,
  BrokerCapabilities,
  BrokerEvent,
  BrokerMarketData,
  BrokerOutcome,
  CancelRequest,
  OrderTerms,
  ReplaceRequest,
  VenueBalance,
  VenueBar,
  VenueClock,
  VenueFill,
  VenueInstrument,
  VenueOrder,
  VenuePosition,
} from '@omniquant/plugin-sdk';

import { CommandQueue } from './command-queue.ts';
import type { StreamClient } from './stream-client.ts';
import type { VenueHttp } from './venue-http.ts';

const BARS_PER_PAGE = 1_000;

type FillEvent = VenueFill | Extract<BrokerEvent, { kind: 'busted' | 'feeCharged' }>;

interface FillsPage {
  readonly events: readonly FillEvent[];
  readonly cursor: number;
  readonly isLast: boolean;
}

/** A connection to the simulated venue, as the SDK wants it. */
export class SimulatedBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  readonly marketData: BrokerMarketData;
  private readonly http: VenueHttp;
  private readonly stream: StreamClient;
  private readonly commands: CommandQueue;

  constructor(http: VenueHttp, stream: StreamClient, capabilities: BrokerCapabilities) {
    this.http = http;
    this.stream = stream;
    this.capabilities = capabilities;
    this.commands = new CommandQueue(http, () => stream.marketTime);
    this.marketData = {
      instruments: (signal) => http.get<VenueInstrument[]>('/instruments', signal),
      subscribe: (symbols) => {
        stream.subscribe(symbols);
      },
      bars: (request, signal) => this.bars(request, signal),
      clock: (signal) => http.get<VenueClock>('/clock', signal),
      setSpeed: (speed, signal) => http.send<VenueClock>('PUT', '/clock', { speed }, signal),
    };
  }

  async attach({ account, baseCurrency, startingCash }: AttachRequest, signal: AbortSignal): Promise<void> {
    await this.http.send('POST', '/accounts', { account, currency: baseCurrency, startingCash }, signal);
    await this.stream.attach(account, signal);
  }

  detach(account: string): void {
    this.stream.detach(account);
  }

  submit(order: ApprovedOrder, signal: AbortSignal): Promise<BrokerOutcome> {
    if (!this.stream.isReady) return this.notReady();
    const { account, venueOrderId } = order;
    return this.commands.send({ kind: 'submit', account, venueOrderId, terms: termsOf(order) }, signal);
  }

  replace(request: ReplaceRequest, signal: AbortSignal): Promise<BrokerOutcome> {
    if (!this.stream.isReady) return this.notReady();
    const { previousVenueOrderId, previousBrokerOrderId, order } = request;
    const { account, venueOrderId } = order;
    const terms = termsOf(order);
    return this.commands.send(
      { kind: 'replace', account, previousVenueOrderId, previousBrokerOrderId, venueOrderId, terms },
      signal,
    );
  }

  /** Also while the stream is down: a cancel always passes. */
  cancel(
    { account, venueOrderId, brokerOrderId }: CancelRequest,
    signal: AbortSignal,
  ): Promise<BrokerOutcome> {
    return this.commands.send({ kind: 'cancel', account, venueOrderId, brokerOrderId }, signal);
  }

  lookup(account: string, venueOrderId: string, signal: AbortSignal): Promise<VenueOrder | null> {
    return this.http.get(`${pathOf(account)}/orders/${encodeURIComponent(venueOrderId)}`, signal);
  }

  openOrders(account: string, signal: AbortSignal): Promise<readonly VenueOrder[]> {
    return this.http.get(`${pathOf(account)}/orders`, signal);
  }

  async fillsSince(
    account: string,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<{ events: readonly FillEvent[]; cursor: string | null }> {
    const events: FillEvent[] = [];
    let after = cursor;
    for (;;) {
      const page = await this.http.get<FillsPage>(`${pathOf(account)}/fills?after=${after ?? '0'}`, signal);
      if (page.events.length > 0 && page.cursor <= Number(after ?? '0')) {
        throw new Error('the venue repeats a page of its fills');
      }
      events.push(...page.events);
      if (page.events.length > 0) after = String(page.cursor);
      if (page.isLast) return { events, cursor: after };
    }
  }

  positions(account: string, signal: AbortSignal): Promise<readonly VenuePosition[]> {
    return this.http.get(`${pathOf(account)}/positions`, signal);
  }

  balances(account: string, signal: AbortSignal): Promise<readonly VenueBalance[]> {
    return this.http.get(`${pathOf(account)}/balances`, signal);
  }

  close(): Promise<void> {
    this.commands.close();
    this.stream.close();
    return Promise.resolve();
  }

  private async bars(request: BarsRequest, signal: AbortSignal): Promise<readonly VenueBar[]> {
    const bars: VenueBar[] = [];
    let { from } = request;
    while (bars.length < request.limit) {
      const wanted = Math.min(BARS_PER_PAGE, request.limit - bars.length);
      const query = new URLSearchParams({
        symbol: request.symbol,
        interval: request.interval,
        limit: String(wanted),
      });
      if (from !== null) query.set('from', String(from));
      if (request.to !== null) query.set('to', String(request.to));
      const page = await this.http.get<VenueBar[]>(`/bars?${query.toString()}`, signal);
      bars.push(...page);
      const last = page.at(-1);
      if (page.length < wanted || last === undefined) break;
      from = last.at + 1;
    }
    return bars;
  }

  private notReady(): Promise<BrokerOutcome> {
    return Promise.resolve({ kind: 'notSent', reason: 'the connection to the venue is not ready' });
  }
}

const pathOf = (account: string): string => `/accounts/${encodeURIComponent(account)}`;

/** The terms alone: an approved order carries more than the venue should see. */
const termsOf = (order: OrderTerms): OrderTerms => ({
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  quantity: order.quantity,
  notional: order.notional,
  limitPrice: order.limitPrice,
  stopPrice: order.stopPrice,
  trailingOffset: order.trailingOffset,
  trailingOffsetType: order.trailingOffsetType,
  timeInForce: order.timeInForce,
  expireAt: order.expireAt,
  postOnly: order.postOnly,
  reduceOnly: order.reduceOnly,
  displayQuantity: order.displayQuantity,
  extendedHours: order.extendedHours,
});
