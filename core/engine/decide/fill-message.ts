import type { BrokerEvent, VenueFill } from '@omniquant/plugin-sdk';
import { abs, type Fixed, formatDecimal, ONE, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order, OrderFill } from '../../orders/order.ts';
import { applyFill, emptyPosition, fillNotional } from '../../portfolio/apply-fill.ts';
import type { Position } from '../../portfolio/position.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { alert } from './alert.ts';

/** Executions, what takes them back, and their fees. They book in every state after submission. */

/** Beyond it a fill would not fit the ledger: no market trades such amounts, the message is wrong. */
const LARGEST: Fixed = 10n ** 18n * ONE;

const isKnown = (fill: OrderFill | undefined): fill is OrderFill => fill !== undefined && fill.quantity > 0n;

const readFill = (order: Order, { price, quantity, fee }: VenueFill): boolean => {
  const readPrice = tryParseDecimal(price);
  const readQuantity = tryParseDecimal(quantity);
  if (readPrice === undefined || readQuantity === undefined || readQuantity <= 0n) return false;
  if (fee !== null && tryParseDecimal(fee) === undefined) return false;
  return abs(fillNotional(readPrice, readQuantity, order.multiplier)) <= LARGEST;
};

/** Once for each execution id; told again with a fee that was missing, the fee is booked. */
export const fillEvents = (order: Order, message: VenueFill, isLate: boolean): readonly DomainEvent[] => {
  const { executionId, fee } = message;
  if (!readFill(order, message)) {
    const details = { executionId, price: message.price, quantity: message.quantity };
    const text = 'a fill with unreadable numbers was not booked: compare with the venue';
    return [alert('UNEXPECTED_VENUE_MESSAGE', 'CRITICAL', text, order.id, details)];
  }
  const known = order.fills.get(executionId);
  if (isKnown(known)) {
    return known.fee === null && fee !== null ? feeEvents(order, executionId, fee, message.feeCurrency) : [];
  }
  return [
    {
      type: 'FILLED',
      orderId: order.id,
      executionId,
      price: message.price,
      quantity: message.quantity,
      fee,
      feeCurrency: message.feeCurrency,
      liquidity: message.liquidity,
      executedAt: message.at,
      late: isLate,
      cursor: message.cursor,
    },
  ];
};

export const feeEvents = (
  order: Order,
  executionId: string,
  fee: string,
  feeCurrency: string | null,
): readonly DomainEvent[] => {
  const amount = tryParseDecimal(fee);
  if (amount === undefined || abs(amount) > LARGEST) {
    const text = 'a fee with unreadable numbers was not booked: compare with the venue';
    return [alert('UNEXPECTED_VENUE_MESSAGE', 'WARNING', text, order.id, { executionId, fee })];
  }
  const currency = feeCurrency ?? order.currency;
  const known = order.fills.get(executionId);
  if (known?.fee === amount && (known.feeCurrency ?? order.currency) === currency) return [];
  return [{ type: 'FEE_CHARGED', orderId: order.id, executionId, currency, amount: fee }];
};

type PositionFigures = Pick<Position, 'quantity' | 'cost' | 'realizedPnl'>;

const isSame = (a: PositionFigures, b: PositionFigures): boolean =>
  a.quantity === b.quantity && a.realizedPnl - a.cost === b.realizedPnl - b.cost;

/**
 * The position without a fill. The archive's fold of all other fills gives the very position that there
 * would have been; where the position is more than its fills (a mismatch was taken over, a fill is not
 * stored yet) the fill is undone by its opposite: the same quantity and money, another split between
 * cost and realised PnL.
 */
const positionWithout = (
  state: AccountState,
  ctx: DecideContext,
  order: Order,
  fill: OrderFill,
): PositionFigures => {
  const current =
    state.positions.get(order.symbol) ?? emptyPosition(order.symbol, order.currency, order.multiplier);
  const undone = { ...current };
  applyFill(undone, order.side === 'BUY' ? 'SELL' : 'BUY', fill.quantity, fill.price);
  const folded = ctx.archive.positionWithoutFill(order.id, fill.executionId);
  return folded !== undefined && isSame(folded, undone) ? folded : undone;
};

/** A bust of a fill that has not come yet leaves a mark, by which the fill is booked as taken back. */
export const bustEvents = (
  state: AccountState,
  ctx: DecideContext,
  order: Order,
  { executionId }: Extract<BrokerEvent, { kind: 'busted' }>,
): readonly DomainEvent[] => {
  const fill = order.fills.get(executionId);
  if (fill?.busted === true) return [];
  const position: PositionFigures = isKnown(fill)
    ? positionWithout(state, ctx, order, fill)
    : (state.positions.get(order.symbol) ?? emptyPosition(order.symbol, order.currency, order.multiplier));
  return [
    {
      type: 'FILL_BUSTED',
      orderId: order.id,
      executionId,
      position: {
        quantity: formatDecimal(position.quantity),
        cost: formatDecimal(position.cost),
        realizedPnl: formatDecimal(position.realizedPnl),
      },
    },
  ];
};
