import type { Order } from '../orders/order.ts';
import { type DomainEvent, EVENT_SCHEMA, type JournaledEvent } from './account-event.ts';
import type { AccountState } from './account-state.ts';
import { apply } from './apply.ts';
import type { Command } from './command.ts';
import { decide } from './decide.ts';
import type { DecideContext } from './decide-context.ts';
import type { CommandResult } from './decision.ts';
import { react } from './react.ts';

/** Who is behind a command, for the envelope of its events. */
export interface ExecutionMeta {
  readonly actor: string;
  readonly correlationId: string;
  /** Where it is null, events of an order carry the trace that the order began with. */
  readonly traceparent: string | null;
}

export interface Execution {
  /** Applied to the state already, in order; durable once the journal has them. */
  readonly events: readonly JournaledEvent[];
  readonly result: CommandResult;
  /** Orders that the events were of, by id: one that is done may have left the state before the last event. */
  readonly touched: ReadonlyMap<string, Order>;
}

/** Follow-ups of follow-ups end after a handful of rounds; more would be a loop in the rules. */
const MOST_GENERATIONS = 50;

export class ReactionLoopError extends Error {
  readonly code = 'REACTION_LOOP';

  constructor(command: Command['kind'], event: DomainEvent['type']) {
    super(`${command}: follow-ups do not come to an end, the last was ${event}`);
    this.name = 'ReactionLoopError';
  }
}

interface Pending {
  readonly envelope: JournaledEvent;
  readonly generation: number;
}

/**
 * Decides a command, numbers and applies its events, and goes on with what follows from them until
 * nothing does. Time does not go back: an event bears the later of the account's and the market's time.
 * Throws what `decide` throws, with the state unchanged then; any other error is a defect, after which
 * the state has to be read from the journal again.
 */
export const execute = (
  state: AccountState,
  command: Command,
  meta: ExecutionMeta,
  ctx: DecideContext,
): Execution => {
  const decision = decide(state, command, ctx);
  const at = Math.max(state.at, ctx.now);
  const events: JournaledEvent[] = [];
  const queue: Pending[] = [];
  const touched = new Map<string, Order>();

  const record = (
    event: DomainEvent,
    actor: string,
    causationId: string | null,
    generation: number,
  ): void => {
    const order = 'orderId' in event && event.orderId !== null ? state.orders.get(event.orderId) : undefined;
    const envelope: JournaledEvent = {
      accountId: state.accountId,
      seq: state.seq + 1,
      at,
      recordedAt: ctx.wall,
      correlationId: meta.correlationId,
      causationId,
      traceparent: meta.traceparent ?? order?.traceparent ?? null,
      actor,
      schema: EVENT_SCHEMA,
      event,
    };
    apply(state, envelope);
    events.push(envelope);
    const after = 'orderId' in event && event.orderId !== null ? state.orders.get(event.orderId) : undefined;
    if (after !== undefined) touched.set(after.id, after);
    queue.push({ envelope, generation });
  };

  for (const event of decision.events) record(event, meta.actor, null, 0);
  for (let next = 0; next < queue.length; next += 1) {
    const pending = queue[next];
    if (pending === undefined) break;
    const { envelope, generation } = pending;
    const followUps = react(state, envelope.event, ctx);
    if (followUps.length > 0 && generation >= MOST_GENERATIONS) {
      throw new ReactionLoopError(command.kind, envelope.event.type);
    }
    for (const event of followUps) record(event, 'gateway', String(envelope.seq), generation + 1);
  }
  return { events, result: decision.result, touched };
};
