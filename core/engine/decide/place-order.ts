import type { OrderTerms } from '@omniquant/plugin-sdk';

import type { Instrument } from '../../market/instrument.ts';
import type { Order } from '../../orders/order.ts';
import type { OrderEvent } from '../../orders/order-event.ts';
import { venueOrderId } from '../../orders/venue-order-id.ts';
import { checkOrder, type OrderCheck } from '../../risk/check-order.ts';
import type { Denial } from '../../risk/denial.ts';
import type { AccountState } from '../account-state.ts';
import type { PlaceOrder } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { checkBracketShape, stopLossTerms, takeProfitTerms } from './bracket-shape.ts';
import { checkReady, checkSupport, isEmulated } from './broker-support.ts';
import { findByClientId } from './find-order.ts';
import { initialized, instrumentOf, type NewOrder, startingLevel } from './initialize-order.ts';
import { checkClientOrderId, checkShape } from './order-shape.ts';
import { fieldDenial, refused } from './results.ts';

/** Denials that leave no trace: the client order id stays free. */
const TRACELESS: ReadonlySet<string> = new Set(['INVALID_ORDER', 'ORDER_RATE', 'UNKNOWN_SYMBOL']);

/** The answer to a client order id that is known: the same as the first time, if the request is. */
export const answerAgain = (known: Order, requestHash: string): Decision => {
  if (known.requestHash !== requestHash) {
    const message = `clientOrderId ${known.clientOrderId} was used for another request`;
    const details = { field: 'clientOrderId', clientOrderId: known.clientOrderId };
    return refused({ code: 'DUPLICATE_CLIENT_ORDER_ID', message, details });
  }
  if (known.denial === null) {
    return { events: [], result: { kind: 'orderPlaced', orderId: known.id, replayed: true } };
  }
  return { events: [], result: { kind: 'denied', denial: known.denial, orderId: known.id, replayed: true } };
};

interface Leg {
  readonly orderId: string;
  readonly role: 'TAKE_PROFIT' | 'STOP_LOSS';
  readonly terms: OrderTerms;
}

const legsOf = ({ terms, takeProfit, stopLoss, takeProfitId, stopLossId }: PlaceOrder): readonly Leg[] => [
  ...(takeProfit === null
    ? []
    : [
        {
          orderId: takeProfitId,
          role: 'TAKE_PROFIT' as const,
          terms: takeProfitTerms(terms, takeProfit.limitPrice),
        },
      ]),
  ...(stopLoss === null
    ? []
    : [{ orderId: stopLossId, role: 'STOP_LOSS' as const, terms: stopLossTerms(terms, stopLoss) }]),
];

/** The gateway watches a bracket's stop itself, whatever the venue could do: it has to end the take profit first. */
const checkLegSupport = (leg: Leg, ctx: DecideContext): Denial | null => {
  const { capabilities } = ctx.broker;
  const known =
    leg.role === 'STOP_LOSS' ? { ...capabilities, orderTypes: ['MARKET', 'LIMIT'] as const } : capabilities;
  return checkSupport(leg.terms, { ...known, reduceOnly: true });
};

interface Verdict {
  readonly denial: Denial | null;
  readonly check: OrderCheck | null;
}

/** Broker, then risk; the legs last. */
const judge = (
  state: AccountState,
  command: PlaceOrder,
  legs: readonly Leg[],
  ctx: DecideContext,
): Verdict => {
  const { terms, strategyId, origin } = command;
  const support = checkSupport(terms, ctx.broker.capabilities) ?? checkReady(ctx.broker);
  if (support !== null) return { denial: support, check: null };
  const check = checkOrder(
    state,
    { terms, replaces: null, isLeg: false, strategyId, legs: legs.length, origin },
    ctx,
  );
  if (check.denial !== null) return { denial: check.denial, check };
  for (const leg of legs) {
    const input = { terms: leg.terms, replaces: null, isLeg: true, strategyId, origin };
    const denial = checkLegSupport(leg, ctx) ?? checkOrder(state, input, ctx).denial;
    if (denial !== null) {
      const details = { ...denial.details, leg: leg.role };
      return { denial: { ...denial, message: `${leg.role}: ${denial.message}`, details }, check };
    }
  }
  return { denial: null, check };
};

const firstStep = (command: PlaceOrder, ctx: DecideContext): OrderEvent =>
  isEmulated(command.terms, ctx.broker.capabilities)
    ? { type: 'HELD', orderId: command.orderId, at: 'GATEWAY', reason: 'EMULATED_TRIGGER' }
    : {
        type: 'SUBMITTED',
        orderId: command.orderId,
        venueOrderId: venueOrderId(ctx.settings.venueIdPrefix, command.orderId, 0),
        revision: 0,
      };

const legEvents = (command: PlaceOrder, leg: Leg, instrument: Instrument): readonly OrderEvent[] => [
  initialized({
    orderId: leg.orderId,
    clientOrderId: `gateway:${leg.orderId}`,
    requestHash: null,
    strategyId: command.strategyId,
    terms: leg.terms,
    instrument: instrumentOf(instrument),
    origin: command.origin,
    role: leg.role,
    parentId: command.orderId,
  }),
  { type: 'HELD', orderId: leg.orderId, at: 'GATEWAY', reason: 'WAITING_FOR_ENTRY' },
];

const entryOf = (command: PlaceOrder, instrument: Instrument): NewOrder => ({
  orderId: command.orderId,
  clientOrderId: command.clientOrderId,
  requestHash: command.requestHash,
  strategyId: command.strategyId,
  terms: command.terms,
  instrument: instrumentOf(instrument),
  origin: command.origin,
});

const deniedOrder = (command: PlaceOrder, instrument: Instrument, denial: Denial): Decision => ({
  events: [
    initialized(entryOf(command, instrument)),
    { type: 'DENIED', orderId: command.orderId, ...denial },
  ],
  result: { kind: 'denied', denial, orderId: command.orderId, replayed: false },
});

/** The order once its client order id is known to be new. */
export const placeNewOrder = (state: AccountState, command: PlaceOrder, ctx: DecideContext): Decision => {
  const { terms } = command;
  const malformed = checkShape(terms, ctx.now) ?? checkBracketShape(command);
  if (malformed !== null) return refused(malformed);
  const instrument = ctx.market.instrument(terms.symbol);
  if (instrument === undefined) {
    return refused(fieldDenial('symbol', `${terms.symbol} is not known`, 'UNKNOWN_SYMBOL'));
  }
  const legs = legsOf(command);
  const { denial, check } = judge(state, command, legs, ctx);
  if (denial !== null) {
    // Nor does one leave any while there is hardly room for more.
    const isTraceless = TRACELESS.has(denial.code) || ctx.isJournalLow;
    return isTraceless ? refused(denial) : deniedOrder(command, instrument, denial);
  }
  const emulated = isEmulated(terms, ctx.broker.capabilities);
  const quote = emulated ? ctx.market.quote(terms.symbol) : undefined;
  const entry = initialized({
    ...entryOf(command, instrument),
    role: legs.length > 0 ? 'ENTRY' : 'SIMPLE',
    legIds: legs.map(({ orderId }) => orderId),
    triggerPrice: startingLevel(terms, instrument.tickSize, quote),
    reservePrice: check?.reservePrice ?? null,
    estimatedQuantity: check?.estimatedQuantity ?? null,
  });
  return {
    events: [entry, firstStep(command, ctx), ...legs.flatMap((leg) => legEvents(command, leg, instrument))],
    result: { kind: 'orderPlaced', orderId: command.orderId, replayed: false },
  };
};

/**
 * A new order, or the old answer to a client order id that is known. What the answer was is asked first
 * of all: it holds for ever, whatever the account or the broker would say today.
 */
export const decidePlaceOrder = (state: AccountState, command: PlaceOrder, ctx: DecideContext): Decision => {
  const known = findByClientId(state, ctx, command.clientOrderId);
  if (known !== undefined) return answerAgain(known, command.requestHash);
  const malformed = checkClientOrderId(command.clientOrderId);
  return malformed === null ? placeNewOrder(state, command, ctx) : refused(malformed);
};
