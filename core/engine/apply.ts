import { isOrderEvent } from '../orders/apply-to-order.ts';
import type { JournaledEvent } from './account-event.ts';
import type { AccountState } from './account-state.ts';
import { applyAccountEvent } from './apply/apply-account-event.ts';
import { applyOrderEvent } from './apply/apply-order-event.ts';
import { applyStrategyEvent } from './apply/apply-strategy-event.ts';
import { evictDoneOrders } from './apply/retention.ts';
import { isStrategyEvent } from './strategy-events.ts';

/** Events that do not follow each other, or of another account. */
export class SequenceError extends Error {
  readonly code = 'OUT_OF_SEQUENCE';

  constructor(state: AccountState, event: JournaledEvent) {
    super(
      `account ${state.accountId} is at event ${state.seq} and was given ${event.seq} of ${event.accountId}: ` +
        'events are applied without holes, from the snapshot or the beginning',
    );
    this.name = 'SequenceError';
  }
}

/**
 * Folds one journaled event into the state, in place, and returns it. Decides nothing: the state is a
 * function of the events alone. Throws SequenceError for an event that does not follow, and
 * TransitionError for one that the order's transition table has no place for.
 */
export const apply = (state: AccountState, envelope: JournaledEvent): AccountState => {
  if (envelope.seq !== state.seq + 1 || envelope.accountId !== state.accountId) {
    throw new SequenceError(state, envelope);
  }
  const { event } = envelope;
  if (isOrderEvent(event)) applyOrderEvent(state, envelope, event);
  else if (isStrategyEvent(event)) applyStrategyEvent(state, envelope, event);
  else applyAccountEvent(state, envelope, event);
  state.seq = envelope.seq;
  state.at = envelope.at;
  state.recordedAt = envelope.recordedAt;
  if (state.doneOrders.size > 0) evictDoneOrders(state, envelope.recordedAt);
  return state;
};
