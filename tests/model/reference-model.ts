import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import {
  closableBy,
  holdingOf,
  most,
  reservedBy,
  type Share,
  type Side,
  sumOf,
  worth,
} from './reference-ledger.ts';

/**
 * One account as docs/ORDERS.md, docs/RISK.md and the design say it behaves: market and limit orders of
 * two symbols, at a venue that may say anything about them. Naive on purpose, and written from the
 * documents: it keeps orders and fills in plain maps and works everything else out anew when asked.
 */

export interface Terms {
  readonly quantity: bigint;
  readonly limit: bigint | null;
  /** The most that a unit may come to. */
  readonly reserve: bigint;
}

interface Fill {
  price: bigint;
  quantity: bigint;
  fee: bigint | null;
  busted: boolean;
}

export type End = 'FILLED' | 'CANCELED' | 'EXPIRED' | 'REJECTED';

export interface ModelOrder {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly request: string;
  denial: string | null;
  life: 'DENIED' | 'SUBMITTED' | 'IN_DOUBT' | 'WORKING' | 'DONE';
  end: End | null;
  endedAt: number;
  /** Done by our conclusion and not by the venue's word. */
  assumed: boolean;
  doubted: boolean;
  cancelling: boolean;
  overfilled: boolean;
  terms: Terms;
  revision: number;
  lastRevision: number;
  pending: { readonly revision: number; readonly terms: Terms } | null;
  readonly requestIds: Set<string>;
  /** By execution id; quantity zero stands for one whose bust or fee came first. */
  readonly fills: Map<string, Fill>;
}

export interface Quote {
  readonly bid: bigint;
  readonly ask: bigint;
  readonly last: bigint | null;
}

export const MULTIPLIERS: Readonly<Record<string, bigint>> = { AAPL: 1n, SPX: 5n };
const multiplierOf = (symbol: string): bigint => MULTIPLIERS[symbol] ?? 1n;
export const STARTING_CASH = '4000';
export const LEVERAGE = 2n;
export const FEE_PER_UNIT = '0.01';
export const MOST_OPEN_ORDERS = 5;

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

export const isOpen = ({ life }: ModelOrder): boolean => life !== 'DENIED' && life !== 'DONE';
export const isUnanswered = ({ life }: ModelOrder): boolean => life === 'SUBMITTED' || life === 'IN_DOUBT';
export const filledOf = ({ fills }: ModelOrder): bigint =>
  sum([...fills.values()].map(({ busted, quantity }) => (busted ? 0n : quantity)));
export const executedOf = ({ fills }: ModelOrder): bigint =>
  sum([...fills.values()].map(({ quantity }) => quantity));

/** While a replace is pending the larger quantity and the higher price of both. */
export const shareOf = (order: ModelOrder, next = order.pending?.terms): Share => {
  const { side, symbol, terms } = order;
  const units = most(most(terms.quantity, next?.quantity ?? 0n) - executedOf(order), 0n);
  return {
    side,
    units,
    amount: worth(most(terms.reserve, next?.reserve ?? 0n), units, multiplierOf(symbol)),
  };
};

export class ReferenceModel {
  readonly orders = new Map<string, ModelOrder>();
  readonly idOfClientId = new Map<string, string>();
  readonly quotes = new Map<string, Quote>();
  /** All fills in the order of their booking. */
  readonly booked: { readonly order: ModelOrder; readonly fill: Fill }[] = [];
  /** Everything that has been asked of the venue. */
  readonly sends: string[] = [];
  readonly blocked = new Set<string>();
  /** Money that came or went without a trade, by its reference. */
  readonly transfers = new Map<string, bigint>([['starting cash', parseDecimal(STARTING_CASH)]]);
  isReady = true;
  now = 0;
  day: string | null = null;
  dayOpenEquity: bigint | null = null;

  open(symbol: string): readonly ModelOrder[] {
    return [...this.orders.values()].filter((order) => isOpen(order) && order.symbol === symbol);
  }

  holding(symbol: string) {
    const standing = this.booked.filter(({ order, fill }) => order.symbol === symbol && !fill.busted);
    const trades = standing.map(({ order, fill }) => ({ ...fill, side: order.side }));
    return holdingOf(trades, multiplierOf(symbol));
  }

  fees(): bigint {
    return sum(this.booked.map(({ fill }) => (fill.busted ? 0n : (fill.fee ?? 0n))));
  }

  cash(): bigint {
    const standing = this.booked.filter(({ fill }) => !fill.busted);
    const paid = standing.map(({ order, fill }) => {
      const value = worth(fill.price, fill.quantity, multiplierOf(order.symbol));
      return order.side === 'BUY' ? value : -value;
    });
    return sum([...this.transfers.values()]) - sum(paid) - this.fees();
  }

  /** Market values by symbol: the last trade where it lies within the quote, else the middle. */
  values(): readonly bigint[] {
    return [...this.quotes].map(([symbol, { bid, ask, last }]) => {
      const mark = last !== null && last >= bid && last <= ask ? last : (bid + ask) / 2n;
      return worth(mark, this.holding(symbol).quantity, multiplierOf(symbol));
    });
  }

  reserved(
    symbol: string,
    shares: readonly Share[] = this.open(symbol).map((order) => shareOf(order)),
  ): bigint {
    return reservedBy(shares, this.holding(symbol).quantity);
  }

  equity(): bigint {
    return this.cash() + sum(this.values());
  }

  buyingPower(): bigint {
    const gross = sum(this.values().map((value) => (value < 0n ? -value : value)));
    return (
      this.equity() * LEVERAGE - gross - sum([...this.quotes.keys()].map((symbol) => this.reserved(symbol)))
    );
  }

  priced(symbol: string, side: Side, quantity: bigint, limit: bigint | null): Terms {
    const { bid = 0n, ask = 0n } = this.quotes.get(symbol) ?? {};
    const reserve = side === 'BUY' ? (limit ?? ask) : most(limit ?? bid, bid);
    return { quantity, limit, reserve };
  }

  /** The pre-trade rules that can say no here; `replaced` is the order that gets these terms. */
  private denial(symbol: string, side: Side, terms: Terms, replaced: ModelOrder | null): string | null {
    const others = this.open(symbol).filter((order) => order !== replaced);
    const rest = others.map((order) => shareOf(order));
    const before = replaced === null ? { side, units: 0n, amount: 0n } : shareOf(replaced);
    const after =
      replaced === null
        ? { side, units: terms.quantity, amount: worth(terms.reserve, terms.quantity, multiplierOf(symbol)) }
        : shareOf(replaced, terms);
    const free = most(closableBy(side, this.holding(symbol).quantity) - sumOf(rest, side).units, 0n);
    const opens = most(after.units - free, 0n);
    const adds = opens > 0n && (after.amount > before.amount || opens > most(before.units - free, 0n));
    if (adds && this.blocked.size > 0) return 'RECONCILING';
    if (this.crosses(others, symbol, side, terms)) return 'SELF_TRADE';
    if (replaced === null && [...this.orders.values()].filter(isOpen).length >= MOST_OPEN_ORDERS) {
      return 'MAX_OPEN_ORDERS';
    }
    const added = this.reserved(symbol, [...rest, after]) - this.reserved(symbol, [...rest, before]);
    const fees = worth(parseDecimal(FEE_PER_UNIT), after.units, 1n);
    return adds && added > 0n && added + fees > this.buyingPower() ? 'INSUFFICIENT_BUYING_POWER' : null;
  }

  private crosses(others: readonly ModelOrder[], symbol: string, side: Side, { limit }: Terms): boolean {
    const quote = this.quotes.get(symbol);
    const reach = limit ?? (side === 'BUY' ? quote?.ask : quote?.bid) ?? 0n;
    return others.some((order) => {
      if (order.side === side || order.terms.limit === null) return false;
      return [order.terms.limit, order.pending?.terms.limit ?? order.terms.limit].some((resting) =>
        side === 'BUY' ? reach >= resting : reach <= resting,
      );
    });
  }

  place(clientId: string, request: string, id: string, symbol: string, side: Side, terms: Terms): string {
    const known = this.orders.get(this.idOfClientId.get(clientId) ?? '');
    if (known !== undefined) {
      if (known.request !== request) return 'denied DUPLICATE_CLIENT_ORDER_ID';
      return known.denial === null ? `placed ${known.id} again` : `denied ${known.denial} ${known.id} again`;
    }
    const denial = this.isReady ? this.denial(symbol, side, terms, null) : 'BROKER_NOT_READY';
    const life = denial === null ? 'SUBMITTED' : 'DENIED';
    const flags = { assumed: false, doubted: false, cancelling: false, overfilled: false };
    const none = { end: null, endedAt: 0, revision: 0, lastRevision: 0, pending: null };
    const sets = { requestIds: new Set<string>(), fills: new Map<string, Fill>() };
    this.orders.set(id, { id, symbol, side, request, denial, life, terms, ...flags, ...none, ...sets });
    this.idOfClientId.set(clientId, id);
    if (denial !== null) return `denied ${denial} ${id}`;
    this.sends.push(`submit ${id} 0`);
    return `placed ${id}`;
  }

  replace(order: ModelOrder, requestId: string, quantity: bigint | null, limit: bigint | null): string {
    if (order.requestIds.has(requestId)) return `replace requested ${order.id}`;
    if (!isOpen(order)) return `denied ORDER_NOT_OPEN ${order.id}`;
    if (order.cancelling || order.pending !== null || isUnanswered(order)) {
      return `denied NOT_REPLACEABLE ${order.id}`;
    }
    if (!this.isReady) return `denied BROKER_NOT_READY ${order.id}`;
    const { symbol, side, terms } = order;
    const isTooSmall = quantity !== null && quantity <= executedOf(order);
    if (isTooSmall || (limit !== null && terms.limit === null)) return `denied INVALID_ORDER ${order.id}`;
    const next = this.priced(symbol, side, quantity ?? terms.quantity, limit ?? terms.limit);
    const denial = this.denial(symbol, side, next, order);
    if (denial !== null) return `denied ${denial} ${order.id}`;
    order.lastRevision += 1;
    order.pending = { revision: order.lastRevision, terms: next };
    order.requestIds.add(requestId);
    this.sends.push(`replace ${order.id} ${order.lastRevision}`);
    return `replace requested ${order.id}`;
  }

  /** Cancels pass no rule; what is under way already is not asked for again. */
  cancel(order: ModelOrder): string {
    if (!isOpen(order)) return `denied ORDER_NOT_OPEN ${order.id}`;
    if (!order.cancelling) this.sends.push(`cancel ${order.id}`);
    order.cancelling = true;
    return `cancel requested ${order.id}`;
  }

  /** Booked once for each reference; no gain and no loss, so the day's opening equity moves along. */
  transfer(reference: string, amount: bigint): void {
    if (this.transfers.has(reference)) return;
    this.transfers.set(reference, amount);
    if (this.dayOpenEquity !== null) this.dayOpenEquity += amount;
  }

  /** A new trading day begins with its equity. */
  tick(): void {
    const day = new Date(this.now).toISOString().slice(0, 10);
    if (this.day !== null && day <= this.day) return;
    this.day = day;
    this.dayOpenEquity = this.equity();
  }
}
