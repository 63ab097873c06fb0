import type { Denial } from '../../core/risk/denial.ts';
import type { DenialCode } from '../../core/risk/denial.ts';
import type { PreviewReply } from '../../core/runtime/command-gate.ts';
import type { Order } from './order.type.ts';
import type { CancelRequested, OrderDenied, OrderPlaced, OrderPreview } from './order-result.type.ts';
import type { AccountOrder, ChangeOutcome, PlaceOutcome } from './order-service.ts';
import { toOrder } from './order-view.ts';

function shown({ accountId, record }: AccountOrder): Order {
  return toOrder(accountId, record);
}

function toDenied(denial: Denial, order: AccountOrder | null): OrderDenied {
  const { code, message, details } = denial;
  return { code, message, details, order: order && shown(order) };
}

export function toOrderOrNull(order: AccountOrder | null): Order | null {
  return order && shown(order);
}

export function toPlaceResult(outcome: PlaceOutcome): OrderPlaced | OrderDenied {
  return outcome.kind === 'denied'
    ? toDenied(outcome.denial, outcome.order)
    : { order: shown(outcome.order), replayed: outcome.replayed };
}

/** CancelRequested and ReplaceRequested have the same shape. */
export function toChangeResult(outcome: ChangeOutcome): CancelRequested | OrderDenied {
  return outcome.kind === 'denied'
    ? toDenied(outcome.denial, outcome.order)
    : { order: shown(outcome.order) };
}

export function toPreview(reply: PreviewReply): OrderPreview {
  const denial = reply.denial as Denial | null;
  return {
    ...reply,
    denial: denial && toDenied({ ...denial, code: denial.code satisfies DenialCode }, null),
  };
}
