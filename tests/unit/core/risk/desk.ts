import type { BrokerCapabilities, OrderTerms, VenueInstrument } from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { DomainEvent } from '../../../../core/engine/account-event.ts';
import type { AccountState } from '../../../../core/engine/account-state.ts';
import { apply } from '../../../../core/engine/apply.ts';
import type { DecideContext, MarketQuote, MarketView } from '../../../../core/engine/decide-context.ts';
import { createAccountState } from '../../../../core/engine/initial-state.ts';
import { createInstrument, type Instrument } from '../../../../core/market/instrument.ts';
import type { OrderRole } from '../../../../core/orders/order.ts';
import type { RevisedTerms } from '../../../../core/orders/order-event.ts';
import type { CheckOrderInput } from '../../../../core/risk/candidate.ts';
import { checkOrder, type OrderCheck } from '../../../../core/risk/check-order.ts';
import type { RiskLimits } from '../../../../core/risk/limits.ts';
import { NO_LIMITS } from '../../../support/engine-fixture.ts';
import { AAPL, CAPABILITIES, market } from './defaults.ts';

/** An account on a made-up market, folded by the real `apply`; only deciding is done by the tests. */

export const WALL = 1_000_000;
export const STALE_AFTER = 5_000;

type Session = ReturnType<MarketView['session']>;
type Extra = Partial<Omit<CheckOrderInput, 'terms'>>;

export interface Desk {
  readonly state: AccountState;
  context: DecideContext;
  readonly sessions: Map<string, Session>;
  readonly halted: Set<string>;
  instrument(changes: Partial<VenueInstrument>): Instrument;
  quote(
    symbol: string,
    bid: string | null,
    ask: string | null,
    changes?: { last?: string; age?: number },
  ): void;
  forgetQuote(symbol: string): void;
  capabilities(changes: Partial<BrokerCapabilities>): void;
  limits(changes: Partial<RiskLimits>): void;
  apply(event: DomainEvent, recordedAt?: number): void;
  check(orderTerms: OrderTerms, extra?: Extra): OrderCheck;
  /** Checks, and submits what passes; the id is undefined for what does not. */
  place(orderTerms: OrderTerms, extra?: Extra): { check: OrderCheck; orderId: string | undefined };
  /** Lets an order in without asking the rules; reserves nothing unless told. */
  force(orderTerms: OrderTerms, role?: OrderRole, reservePrice?: string | null): string;
  accept(orderId: string): void;
  cancel(orderId: string): void;
  fill(orderId: string, quantity: string, price: string): void;
  /** A position out of nowhere, bought or sold at a price. */
  hold(symbol: string, quantity: string, price: string): void;
  deposit(currency: string, amount: string): void;
  requestReplace(orderId: string, revised: Partial<RevisedTerms>, reservePrice: string | null): void;
}

/** Opened with 100,000 USD; AAPL at 99.99 / 100.01; a broker with multiplier 2 and no fees; no limits. */
export const createDesk = (): Desk => {
  const state = createAccountState('acc');
  const instruments = new Map<string, Instrument>();
  const quotes = new Map<string, MarketQuote>();
  const sessions = new Map<string, Session>();
  const halted = new Set<string>();
  let ids = 0;

  const view: MarketView = {
    instrument: (symbol) => instruments.get(symbol),
    quote: (symbol) => quotes.get(symbol),
    session: (symbol) => sessions.get(symbol) ?? 'OPEN',
    isHalted: (symbol) => halted.has(symbol),
    tradingDay: () => '2026-01-05',
    endOfDay: (_symbol, at) => at + 1,
  };
  const desk: Desk = {
    state,
    context: {
      now: 1,
      wall: WALL,
      market: view,
      broker: { ready: true, reason: null, capabilities: CAPABILITIES },
      gatewayTradingState: 'ACTIVE',
      isJournalLow: false,
      archive: {
        orderByClientId: () => undefined,
        order: () => undefined,
        positionWithoutFill: () => undefined,
      },
      settings: {
        venueIdPrefix: 'oq',
        quoteStaleAfterMs: STALE_AFTER,
        restrictedSymbols: new Set(),
        flattenOnDailyLoss: false,
      },
      newOrderId: () => `own-${String((ids += 1))}`,
    },
    sessions,
    halted,
    instrument: (changes) => {
      const made = createInstrument({ ...AAPL, ...changes });
      instruments.set(made.symbol, made);
      return made;
    },
    quote: (symbol, bid, ask, changes = {}) => {
      const read = (text: string | null | undefined) =>
        text === null || text === undefined ? null : parseDecimal(text);
      const receivedAt = desk.context.wall - (changes.age ?? 0);
      quotes.set(symbol, {
        symbol,
        at: 1,
        receivedAt,
        bid: read(bid),
        ask: read(ask),
        last: read(changes.last),
      });
    },
    forgetQuote: (symbol) => quotes.delete(symbol),
    capabilities: (changes) => {
      const { broker } = desk.context;
      desk.context = {
        ...desk.context,
        broker: { ...broker, capabilities: { ...broker.capabilities, ...changes } },
      };
    },
    limits: (changes) => desk.apply({ type: 'LIMITS_CHANGED', limits: { ...state.limits, ...changes } }),
    apply: (event, recordedAt = desk.context.wall) => {
      apply(state, {
        accountId: 'acc',
        seq: state.seq + 1,
        at: desk.context.now,
        recordedAt,
        correlationId: 'c',
        causationId: null,
        traceparent: null,
        actor: 'user:1',
        schema: 1,
        event,
      });
    },
    check: (orderTerms, extra = {}) =>
      checkOrder(
        state,
        { terms: orderTerms, replaces: null, isLeg: false, strategyId: null, ...extra },
        desk.context,
      ),
    place: (orderTerms, extra = {}) => {
      const check = desk.check(orderTerms, extra);
      if (check.denial !== null) return { check, orderId: undefined };
      const { reservePrice, estimatedQuantity } = check;
      const orderId = submit(
        orderTerms,
        'SIMPLE',
        reservePrice === null ? null : formatDecimal(reservePrice),
        {
          estimatedQuantity: estimatedQuantity === null ? null : formatDecimal(estimatedQuantity),
        },
      );
      return { check, orderId };
    },
    force: (orderTerms, role = 'SIMPLE', reservePrice = null) => submit(orderTerms, role, reservePrice, {}),
    accept: (orderId) => {
      desk.apply({ type: 'ACCEPTED', orderId, brokerOrderId: `b-${orderId}`, quantity: null });
    },
    cancel: (orderId) => {
      if (state.orders.get(orderId)?.lifecycle === 'SUBMITTED') desk.accept(orderId);
      desk.apply({ type: 'CANCELED', orderId, reason: null });
    },
    fill: (orderId, quantity, price) => {
      desk.apply({
        type: 'FILLED',
        orderId,
        executionId: `x-${String((ids += 1))}`,
        price,
        quantity,
        fee: null,
        feeCurrency: null,
        liquidity: null,
        executedAt: 1,
        late: false,
        cursor: null,
      });
    },
    hold: (symbol, quantity, price) => {
      const side = quantity.startsWith('-') ? 'SELL' : 'BUY';
      const units = quantity.replace('-', '');
      const orderId = desk.force(market({ symbol, side, quantity: units }));
      desk.fill(orderId, units, price);
    },
    deposit: (currency, amount) => {
      desk.apply({
        type: 'TRANSFER_BOOKED',
        reference: `t-${String((ids += 1))}`,
        currency,
        amount,
        reason: 'deposit',
        marks: null,
      });
    },
    requestReplace: (orderId, revised, reservePrice) => {
      const order = state.orders.get(orderId);
      if (order === undefined) throw new Error(`no order ${orderId}`);
      const revision = order.lastRevision + 1;
      desk.apply({
        type: 'REPLACE_REQUESTED',
        orderId,
        requestId: `r-${String(revision)}`,
        revision,
        venueOrderId: `oq-${orderId}-${String(revision)}`,
        terms: {
          quantity: order.quantity === null ? null : formatDecimal(order.quantity),
          limitPrice: order.limitPrice === null ? null : formatDecimal(order.limitPrice),
          stopPrice: null,
          trailingOffset: null,
          timeInForce: order.timeInForce,
          expireAt: null,
          ...revised,
        },
        reservePrice,
      });
    },
  };

  const submit = (
    orderTerms: OrderTerms,
    role: OrderRole,
    reservePrice: string | null,
    { estimatedQuantity = null }: { estimatedQuantity?: string | null },
  ): string => {
    const orderId = `o-${String((ids += 1))}`;
    const found = instruments.get(orderTerms.symbol);
    if (found === undefined) throw new Error(`no instrument ${orderTerms.symbol}`);
    desk.apply({
      type: 'INITIALIZED',
      orderId,
      clientOrderId: `client-${orderId}`,
      requestHash: null,
      strategyId: null,
      terms: orderTerms,
      instrument: {
        currency: found.currency,
        multiplier: formatDecimal(found.multiplier),
        tickSize: formatDecimal(found.tickSize),
        lotSize: formatDecimal(found.lotSize),
      },
      role,
      origin: 'API',
      parentId: null,
      legIds: [],
      triggerPrice: orderTerms.stopPrice,
      reservePrice,
      estimatedQuantity,
    });
    desk.apply({ type: 'SUBMITTED', orderId, venueOrderId: `oq-${orderId}-0`, revision: 0 });
    return orderId;
  };

  desk.apply({
    type: 'ACCOUNT_OPENED',
    accountId: 'acc',
    workspaceId: 'ws',
    name: 'test',
    broker: 'simulated',
    environment: 'PAPER',
    baseCurrency: 'USD',
    limits: NO_LIMITS,
  });
  desk.deposit('USD', '100000');
  desk.instrument({});
  desk.quote('AAPL', '99.99', '100.01');
  return desk;
};
