import type {
  BrokerEvent,
  BrokerOutcome,
  BrokerRejection,
  OrderTerms,
  VenueBalance,
  VenueFill,
  VenueOrder,
  VenueOrderStatus,
  VenuePosition,
} from '@omniquant/plugin-sdk';
import { formatDecimal, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import type { Random } from '@omniquant/plugin-sdk/random';

import type { VirtualClock } from '../support/virtual-clock.ts';

export const SYMBOL = 'AAPL';
export const BID = '100';
export const ASK = '100.02';

export interface LedgerOrder {
  readonly account: string;
  readonly venueOrderId: string;
  readonly brokerOrderId: string;
  readonly terms: OrderTerms;
  status: VenueOrderStatus;
  filled: bigint;
}

/** What the venue has in its list of fills; the cursor is its number. */
export type LedgerEntry = (VenueFill | Extract<BrokerEvent, { kind: 'busted' | 'feeCharged' }>) & {
  readonly number: number;
};

export interface VenueOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly refusesDuplicates: boolean;
  /** A request has arrived and is about to be worked on. */
  onArrival(kind: 'submit' | 'replace' | 'cancel', account: string, venueOrderId: string): void;
  /** The order stream, for all who listen. */
  onEvent(event: BrokerEvent): void;
}

/**
 * A venue that keeps its books right whatever its customers do: it trades at random, takes back some of
 * its trades, names some fees late, and refuses some requests. It never forgets.
 */
export class SimulatedVenue {
  private readonly options: VenueOptions;
  readonly orders: LedgerOrder[] = [];
  readonly fills: LedgerEntry[] = [];
  private readonly startingCash = new Map<string, bigint>();
  readonly refusesDuplicates: boolean;
  private isTrading = true;
  private executions = 0;

  constructor(options: VenueOptions) {
    this.options = options;
    this.refusesDuplicates = options.refusesDuplicates;
  }

  /** From now on nothing happens but what is asked for. */
  stopTrading(): void {
    this.isTrading = false;
  }

  attach(account: string, startingCash: string | null): void {
    if (!this.startingCash.has(account)) this.startingCash.set(account, parseDecimal(startingCash ?? '0'));
  }

  submit(account: string, venueOrderId: string, terms: OrderTerms): BrokerOutcome {
    const { onArrival, random } = this.options;
    onArrival('submit', account, venueOrderId);
    if (this.refusesDuplicates && this.find(account, venueOrderId) !== undefined) {
      return this.refusal('DUPLICATE_ORDER_ID');
    }
    if (this.isTrading && random.chance(0.05)) return this.refusal('OTHER');
    const order = this.add(account, venueOrderId, terms, 0n);
    this.tell(order, { kind: 'accepted', quantity: null });
    this.tradeLater(order);
    return this.accepted(order);
  }

  replace(account: string, previousId: string, venueOrderId: string, terms: OrderTerms): BrokerOutcome {
    this.options.onArrival('replace', account, venueOrderId);
    if (this.find(account, venueOrderId) !== undefined) return this.refusal('DUPLICATE_ORDER_ID');
    const previous = this.find(account, previousId);
    if (previous === undefined) return this.refusal('UNKNOWN_ORDER');
    const tooSmall = terms.quantity !== null && parseDecimal(terms.quantity) <= previous.filled;
    if (previous.status !== 'WORKING' || tooSmall) return this.refusal('TOO_LATE');
    previous.status = 'REPLACED';
    const order = this.add(account, venueOrderId, terms, previous.filled);
    this.tell(order, { kind: 'replaced' });
    this.tradeLater(order);
    return this.accepted(order);
  }

  cancel(account: string, venueOrderId: string): BrokerOutcome {
    this.options.onArrival('cancel', account, venueOrderId);
    const order = this.find(account, venueOrderId);
    if (order === undefined) return this.refusal('UNKNOWN_ORDER');
    if (order.status !== 'WORKING') return this.refusal('TOO_LATE');
    order.status = 'CANCELED';
    this.tell(order, { kind: 'canceled', reason: null });
    return this.accepted(order);
  }

  lookup(account: string, venueOrderId: string): VenueOrder | null {
    const order = this.find(account, venueOrderId);
    return order === undefined ? null : this.toVenueOrder(order);
  }

  openOrders(account: string): readonly VenueOrder[] {
    return this.orders
      .filter((order) => order.account === account && order.status === 'WORKING')
      .map((order) => this.toVenueOrder(order));
  }

  fillsSince(
    account: string,
    cursor: string | null,
  ): { readonly events: readonly LedgerEntry[]; readonly cursor: string | null } {
    const events = this.fills.filter((e) => e.account === account && e.number > Number(cursor ?? 0));
    const last = events.at(-1);
    return { events, cursor: last === undefined ? cursor : String(last.number) };
  }

  positions(account: string): readonly VenuePosition[] {
    const quantity = this.standing(account).reduce((sum, fill) => sum + this.signed(fill), 0n);
    return [{ symbol: SYMBOL, quantity: formatDecimal(quantity) }];
  }

  balances(account: string): readonly VenueBalance[] {
    let total = this.startingCash.get(account) ?? 0n;
    for (const fill of this.standing(account)) {
      total -= multiply(this.signed(fill), parseDecimal(fill.price));
      if (fill.fee !== null) total -= parseDecimal(fill.fee);
    }
    for (const entry of this.fills) {
      const isCharged = entry.kind === 'feeCharged' && entry.account === account;
      if (isCharged && !this.busted(account).has(entry.executionId)) total -= parseDecimal(entry.fee);
    }
    return [{ currency: 'USD', total: formatDecimal(total) }];
  }

  /** Executions that were not taken back. */
  standing(account: string): readonly (VenueFill & { readonly number: number })[] {
    const gone = this.busted(account);
    return this.fills.filter(
      (entry): entry is VenueFill & { readonly number: number } =>
        entry.kind === 'filled' && entry.account === account && !gone.has(entry.executionId),
    );
  }

  find(account: string, venueOrderId: string): LedgerOrder | undefined {
    return this.orders.find((order) => order.account === account && order.venueOrderId === venueOrderId);
  }

  private busted(account: string): ReadonlySet<string> {
    const busts = this.fills.filter((entry) => entry.kind === 'busted' && entry.account === account);
    return new Set(busts.map(({ executionId }) => executionId));
  }

  private signed(fill: VenueFill): bigint {
    const quantity = parseDecimal(fill.quantity);
    return this.find(fill.account, fill.venueOrderId ?? '')?.terms.side === 'BUY' ? quantity : -quantity;
  }

  private add(account: string, venueOrderId: string, terms: OrderTerms, filled: bigint): LedgerOrder {
    const brokerOrderId = `b${String(this.orders.length + 1)}`;
    const order: LedgerOrder = { account, venueOrderId, brokerOrderId, terms, status: 'WORKING', filled };
    this.orders.push(order);
    return order;
  }

  /** Market orders trade soon and wholly; others often, in parts, and not always to their end. */
  private tradeLater(order: LedgerOrder): void {
    const { clock, random } = this.options;
    const isMarket = order.terms.type === 'MARKET';
    if (!isMarket && random.chance(0.3)) return;
    clock.after(random.integer(1, isMarket ? 200 : 2_000), () => {
      if (!this.isTrading && !isMarket) return;
      this.trade(order);
      if (order.status === 'WORKING') this.tradeLater(order);
    });
  }

  private trade(order: LedgerOrder): void {
    const { clock, random } = this.options;
    if (order.status !== 'WORKING' || order.terms.quantity === null) return;
    const leaves = parseDecimal(order.terms.quantity) - order.filled;
    const unit = parseDecimal('1');
    const quantity = random.chance(0.5) ? leaves : unit * BigInt(random.integer(1, Number(leaves / unit)));
    order.filled += quantity;
    if (quantity === leaves) order.status = 'FILLED';
    this.executions += 1;
    const namesFee = random.chance(0.8);
    const fill = this.record(order, {
      kind: 'filled' as const,
      executionId: `x${String(this.executions)}`,
      price: order.terms.limitPrice ?? (order.terms.side === 'BUY' ? ASK : BID),
      quantity: formatDecimal(quantity),
      fee: namesFee ? '0.05' : null,
      feeCurrency: namesFee ? 'USD' : null,
      liquidity: 'TAKER' as const,
    });
    if (!namesFee) {
      clock.after(random.integer(1, 400), () => {
        this.record(order, {
          kind: 'feeCharged',
          executionId: fill.executionId,
          fee: '0.07',
          feeCurrency: 'USD',
        });
      });
    }
    if (random.chance(0.04)) {
      clock.after(random.integer(1, 1_500), () => {
        this.record(order, { kind: 'busted', executionId: fill.executionId });
      });
    }
  }

  /** Into the list of fills, and onto the stream. */
  private record<T extends object>(order: LedgerOrder, entry: T): T {
    const number = this.fills.length + 1;
    const whole = { ...this.about(order), ...entry, cursor: String(number), number };
    this.fills.push(whole as unknown as LedgerEntry);
    this.options.onEvent(whole as unknown as BrokerEvent);
    return entry;
  }

  private tell(order: LedgerOrder, event: object): void {
    this.options.onEvent({ ...this.about(order), ...event } as BrokerEvent);
  }

  private about({ account, venueOrderId, brokerOrderId }: LedgerOrder) {
    return { account, venueOrderId, brokerOrderId, at: this.options.clock.now() };
  }

  private accepted({ brokerOrderId }: LedgerOrder): BrokerOutcome {
    return { kind: 'accepted', brokerOrderId, at: this.options.clock.now() };
  }

  private refusal(code: BrokerRejection): BrokerOutcome {
    return { kind: 'rejected', code, message: `refused: ${code}`, at: this.options.clock.now() };
  }

  private toVenueOrder(order: LedgerOrder): VenueOrder {
    return {
      ...this.about(order),
      status: order.status,
      terms: order.terms,
      filledQuantity: formatDecimal(order.filled),
      stopPrice: null,
      message: null,
    };
  }
}
