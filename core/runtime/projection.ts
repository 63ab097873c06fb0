import { type Fixed, formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { AccountState } from '../engine/account-state.ts';
import { isStrategyEvent } from '../engine/strategy-events.ts';
import type { Order } from '../orders/order.ts';
import { orderToRecord } from '../orders/order-record-codec.ts';
import { isOpen, statusOf } from '../orders/status.ts';
import type {
  AccountRow,
  AlertRow,
  AuditRow,
  BalanceRow,
  FillRow,
  OrderRow,
  PositionRow,
  ReadModelChanges,
} from '../ports/read-model.ts';
import { reservedByCurrency } from '../risk/reservation.ts';
import type { StrategyState } from '../strategies/strategy-state.ts';
import { strategyAudits, strategyRow } from './strategy-projection.ts';

type FillUpdate = ReadModelChanges['fillUpdates'][number];

/** What the events of a batch have touched, collected in one walk. */
interface Touched {
  readonly orders: Set<Order>;
  readonly symbols: Set<string>;
  readonly currencies: Set<string>;
  readonly fills: FillRow[];
  /** By `order/execution`: a fill that is booked and corrected in one batch is one row. */
  readonly fillUpdates: Map<string, FillUpdate>;
  readonly alerts: AlertRow[];
  readonly audits: AuditRow[];
  /** Ids of strategies; also of those that orders only name and that the account does not have. */
  readonly strategies: Set<string>;
}

/**
 * The rows that follow from a batch, taken from the state right after it: each order, position, balance
 * and strategy once, however often the batch touched it. `orderOf` and `strategyOf` also find what left
 * memory within the batch.
 */
export function projectChanges(
  state: AccountState,
  events: readonly JournaledEvent[],
  orderOf: (orderId: string) => Order | undefined,
  strategyOf: (strategyId: string) => StrategyState | undefined,
): ReadModelChanges {
  const touched: Touched = {
    orders: new Set(),
    symbols: new Set(),
    currencies: new Set(),
    fills: [],
    fillUpdates: new Map(),
    alerts: [],
    audits: [],
    strategies: new Set(),
  };
  for (const journaled of events) {
    touch(touched, journaled, orderOf, state);
  }
  return {
    account: accountRow(state),
    orders: [...touched.orders].map(orderRow),
    fills: touched.fills,
    fillUpdates: [...touched.fillUpdates.values()],
    positions: [...touched.symbols].flatMap((symbol) => positionRow(state, symbol)),
    balances: [...touched.currencies].map((currency) => balanceRow(state, currency)),
    alerts: touched.alerts,
    audits: touched.audits,
    strategies: [...touched.strategies].flatMap((strategyId) => {
      const strategy = strategyOf(strategyId);
      return strategy === undefined ? [] : [strategyRow(state, strategy)];
    }),
  };
}

function touch(
  touched: Touched,
  journaled: JournaledEvent,
  orderOf: (orderId: string) => Order | undefined,
  state: AccountState,
): void {
  const { event } = journaled;
  const order = 'orderId' in event && event.orderId !== null ? orderOf(event.orderId) : undefined;
  if (order !== undefined && event.type !== 'RISK_ALERT') {
    touched.orders.add(order);
  }
  if (isStrategyEvent(event)) {
    touched.strategies.add(event.strategyId);
    touched.audits.push(...strategyAudits(journaled));
    return;
  }
  switch (event.type) {
    case 'FILLED':
    case 'FILL_BUSTED':
    case 'FEE_CHARGED':
      if (order !== undefined) {
        touchFill(touched, order, event.executionId, event.type === 'FILLED');
      }
      break;
    case 'ACCOUNT_OPENED':
      touched.currencies.add(event.baseCurrency);
      break;
    case 'TRANSFER_BOOKED':
      touched.currencies.add(event.currency);
      break;
    case 'MISMATCH_CLEARED':
      touchMismatch(touched, event.symbol, event.currency, state);
      break;
    case 'RISK_ALERT': {
      const { severity, code, message } = event;
      const { seq, at, recordedAt } = journaled;
      touched.alerts.push({ seq, at, recordedAt, severity, code, message });
      break;
    }
    case 'OPERATOR_ACTED': {
      const { action, target, reason, details } = event;
      const { seq, at, actor } = journaled;
      touched.audits.push({ seq, at, actor, action, target, details: { ...details, reason } });
      break;
    }
    default:
  }
}

function touchFill(touched: Touched, order: Order, executionId: string, isNew: boolean): void {
  touched.symbols.add(order.symbol);
  touched.currencies.add(order.currency);
  if (order.strategyId !== null) {
    touched.strategies.add(order.strategyId);
  }
  const fill = order.fills.get(executionId);
  // A bust that came before its fill: the row comes with the fill.
  if (fill === undefined) {
    return;
  }
  const { fee, feeCurrency, busted } = fill;
  if (feeCurrency !== null) {
    touched.currencies.add(feeCurrency);
  }
  const update: FillUpdate = { orderId: order.id, executionId, fee: text(fee), feeCurrency, busted };
  if (isNew) {
    const { seq, at, price, quantity, liquidity } = fill;
    const { symbol, side } = order;
    touched.fills.push({
      ...update,
      seq,
      symbol,
      side,
      at,
      price: formatDecimal(price),
      quantity: formatDecimal(quantity),
      liquidity,
    });
  } else if (!touched.fills.some((row) => row.orderId === order.id && row.executionId === executionId)) {
    touched.fillUpdates.set(`${order.id}/${executionId}`, update);
  }
}

function touchMismatch(
  touched: Touched,
  symbol: string | null,
  currency: string | null,
  state: AccountState,
): void {
  if (symbol !== null) {
    touched.symbols.add(symbol);
    touched.currencies.add(state.positions.get(symbol)?.currency ?? state.baseCurrency);
  }
  if (currency !== null) {
    touched.currencies.add(currency);
  }
}

const text = (value: Fixed | null): string | null => (value === null ? null : formatDecimal(value));

/** Without its fills: they are rows of their own. */
function orderRow(order: Order): OrderRow {
  return { record: orderToRecord(order, { fills: false }), status: statusOf(order), open: isOpen(order) };
}

function positionRow(state: AccountState, symbol: string): PositionRow[] {
  const position = state.positions.get(symbol);
  if (position === undefined) {
    return [];
  }
  const { currency, multiplier, quantity, cost, realizedPnl } = position;
  return [
    {
      symbol,
      currency,
      multiplier: formatDecimal(multiplier),
      quantity: formatDecimal(quantity),
      cost: formatDecimal(cost),
      realizedPnl: formatDecimal(realizedPnl),
    },
  ];
}

function balanceRow(state: AccountState, currency: string): BalanceRow {
  return {
    currency,
    total: formatDecimal(state.cash.get(currency) ?? 0n),
    fees: formatDecimal(state.fees.get(currency) ?? 0n),
    transfers: formatDecimal(state.transfers.get(currency) ?? 0n),
  };
}

function accountRow(state: AccountState): AccountRow {
  const { accountId, workspaceId, name, broker, environment, baseCurrency, tradingState, limits, day, seq } =
    state;
  let realizedPnl = 0n;
  for (const position of state.positions.values()) {
    realizedPnl += position.currency === baseCurrency ? position.realizedPnl : 0n;
  }
  const reservedNotional: Record<string, string> = {};
  for (const [currency, amount] of reservedByCurrency(state)) {
    reservedNotional[currency] = formatDecimal(amount);
  }
  return {
    accountId,
    workspaceId,
    name,
    broker,
    environment,
    baseCurrency,
    tradingState,
    limits,
    day,
    dayOpenEquity: text(state.dayOpenEquity),
    peakEquity: text(state.peakEquity),
    reservedNotional,
    realizedPnl: formatDecimal(realizedPnl),
    seq,
  };
}
