import type { EngineOrder } from '@omniquant/venue/book/engine-order';
import type { EngineEvent, EventKind } from '@omniquant/venue/book/event-log';

/** An order of the naive engine. */
export interface Waiting extends EngineOrder {
  leaves: number;
  /** What the book shows of it; 0 outside the book. */
  shown: number;
}

/** Sorts orders of one side, the better price first; lists are in order of time already. */
export const better = (a: Waiting, b: Waiting): number =>
  a.side === 'BUY' ? b.price - a.price : a.price - b.price;

/** Whether an order may trade at a price. */
export function within({ type, side, price }: Waiting, at: number): boolean {
  if (type === 'MARKET') return true;
  return side === 'BUY' ? at <= price : at >= price;
}

/** Whether a trade at a price sets off a stop order. */
export const reaches = ({ side, stop }: Waiting, at: number): boolean =>
  side === 'BUY' ? at >= stop : at <= stop;

/** An event as the engine's log shows it. */
export const asEvent = (
  kind: EventKind,
  { id, side }: Pick<Waiting, 'id' | 'side'>,
  values: Partial<EngineEvent>,
): EngineEvent => ({
  kind,
  side,
  id,
  otherId: 0,
  price: 0,
  quantity: 0,
  leaves: 0,
  otherLeaves: 0,
  detail: 0,
  reason: 'NONE',
  ...values,
});
