import type {
  ApprovedOrder,
  OrderTerms,
  VenueBalance,
  VenueFill,
  VenueOrder,
  VenueOrderStatus,
  VenuePosition,
} from '@omniquant/plugin-sdk';
import { formatDecimal, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Clock } from '../../core/ports/clock.ts';

export interface ScriptedOrder {
  readonly account: string;
  readonly venueOrderId: string;
  readonly brokerOrderId: string;
  terms: OrderTerms;
  status: VenueOrderStatus;
  filled: bigint;
}

type KeptFill = VenueFill & { readonly kind: 'filled'; readonly cursor: string };

/** What the scripted venue keeps of orders, fills and accounts, and what it answers from it. */
export interface ScriptedRecords {
  /** By venue order id. */
  readonly orders: ReadonlyMap<string, ScriptedOrder>;
  /** Throws for an order that the venue never had. */
  known(venueOrderId: string): ScriptedOrder;
  /** What each event of an order begins with. */
  about(
    order: ScriptedOrder,
  ): Pick<ScriptedOrder, 'account' | 'venueOrderId' | 'brokerOrderId'> & { readonly at: number };
  makeOrder(approved: ApprovedOrder): ScriptedOrder;
  fill(venueOrderId: string, quantity: string, price: string): KeptFill;
  /** The first call of an account counts. */
  openAccount(account: string, currency: string, cash: string | null): void;
  adjustPosition(account: string, symbol: string, by: string): void;
  lookup(account: string, venueOrderId: string): VenueOrder | null;
  openOrders(account: string): VenueOrder[];
  fillsSince(account: string, cursor: string | null): { events: VenueFill[]; cursor: string | null };
  positions(account: string): VenuePosition[];
  balances(account: string): VenueBalance[];
}

export function createScriptedRecords(clock: Clock): ScriptedRecords {
  const orders = new Map<string, ScriptedOrder>();
  const fills: KeptFill[] = [];
  const startingCash = new Map<string, { readonly currency: string; readonly amount: bigint }>();
  const adjustments = new Map<string, bigint>();
  let numbered = 0;

  return {
    orders,
    known,
    about,
    makeOrder({ account, venueOrderId, ...rest }) {
      const { traceparent: _, ...terms } = rest;
      numbered += 1;
      const order: ScriptedOrder = {
        account,
        venueOrderId,
        brokerOrderId: `b-${String(numbered)}`,
        terms,
        status: 'WORKING',
        filled: 0n,
      };
      orders.set(venueOrderId, order);
      return order;
    },
    fill(venueOrderId, quantity, price) {
      const order = known(venueOrderId);
      order.filled += parseDecimal(quantity);
      if (order.terms.quantity !== null && order.filled >= parseDecimal(order.terms.quantity)) {
        order.status = 'FILLED';
      }
      const fill = {
        kind: 'filled' as const,
        ...about(order),
        executionId: `x-${String(fills.length + 1)}`,
        price,
        quantity,
        fee: '0',
        feeCurrency: 'USD',
        liquidity: 'TAKER' as const,
        cursor: String(fills.length + 1),
      };
      fills.push(fill);
      return fill;
    },
    openAccount(account, currency, cash) {
      if (!startingCash.has(account)) {
        startingCash.set(account, { currency, amount: cash === null ? 0n : parseDecimal(cash) });
      }
    },
    adjustPosition(account, symbol, by) {
      const key = `${account}/${symbol}`;
      adjustments.set(key, (adjustments.get(key) ?? 0n) + parseDecimal(by));
    },
    lookup(account, venueOrderId) {
      const order = orders.get(venueOrderId);
      return order?.account === account ? venueOrder(order) : null;
    },
    openOrders: (account) =>
      [...orders.values()]
        .filter((order) => order.account === account && order.status === 'WORKING')
        .map(venueOrder),
    fillsSince(account, cursor) {
      const events = fills.filter(
        (fill) => fill.account === account && Number(fill.cursor) > Number(cursor ?? 0),
      );
      return { events, cursor: events.at(-1)?.cursor ?? cursor };
    },
    positions,
    balances,
  };

  function known(venueOrderId: string): ScriptedOrder {
    const order = orders.get(venueOrderId);
    if (order === undefined) {
      throw new Error(`the venue does not know ${venueOrderId}`);
    }
    return order;
  }

  function about({ account, venueOrderId, brokerOrderId }: ScriptedOrder) {
    return { account, venueOrderId, brokerOrderId, at: clock.now() };
  }

  function venueOrder(order: ScriptedOrder): VenueOrder {
    const { terms, status, filled } = order;
    return {
      ...about(order),
      status,
      terms,
      filledQuantity: formatDecimal(filled),
      stopPrice: null,
      message: null,
    };
  }

  function signed(fill: VenueFill): bigint {
    const quantity = parseDecimal(fill.quantity);
    return known(fill.venueOrderId ?? '').terms.side === 'BUY' ? quantity : -quantity;
  }

  function positions(account: string): VenuePosition[] {
    const held = new Map<string, bigint>();
    for (const fill of fills.filter((each) => each.account === account)) {
      const { symbol } = known(fill.venueOrderId ?? '').terms;
      held.set(symbol, (held.get(symbol) ?? 0n) + signed(fill));
    }
    for (const [key, by] of adjustments) {
      const [owner, symbol = ''] = key.split('/');
      if (owner === account) {
        held.set(symbol, (held.get(symbol) ?? 0n) + by);
      }
    }
    return [...held].map(([symbol, quantity]) => ({ symbol, quantity: formatDecimal(quantity) }));
  }

  function balances(account: string): VenueBalance[] {
    const start = startingCash.get(account);
    if (start === undefined) {
      return [];
    }
    const spent = fills
      .filter((each) => each.account === account)
      .reduce((sum, fill) => sum + multiply(signed(fill), parseDecimal(fill.price)), 0n);
    return [{ currency: start.currency, total: formatDecimal(start.amount - spent) }];
  }
}
