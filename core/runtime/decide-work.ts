import type { JournaledEvent } from '../engine/account-event.ts';
import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import { CommandError, type CommandResult } from '../engine/decision.ts';
import { execute, type Execution } from '../engine/execute.ts';
import type { Order } from '../orders/order.ts';
import type { Span, Telemetry } from '../ports/telemetry.ts';
import type { BatchDraft, DecidedWork } from './batch-draft.ts';
import type { ClientWork, SystemWork, Work } from './work.ts';

export interface DecideTools {
  readonly telemetry: Telemetry;
  /** Orders that a decision touched, as objects: they may leave memory before the batch is sealed. */
  remember(order: Order): void;
}

/**
 * Decides one work on top of the state and adds its events to the draft. Null when it has been
 * answered already: a caller's mistake that changed nothing. Throws only by a fault of the gateway.
 */
export function decideWork(
  work: Work,
  state: AccountState,
  draft: BatchDraft,
  context: DecideContext,
  tools: DecideTools,
): DecidedWork | null {
  switch (work.kind) {
    case 'client':
      return decideClient(work, state, draft, context, tools);
    case 'system':
      return decideSystem(work, state, draft, context, tools);
    case 'read':
      try {
        return { work, value: work.read(state, context) };
      } catch (error) {
        work.reject(error instanceof Error ? error : new Error('a read failed', { cause: error }));
        return null;
      }
  }
}

function decideClient(
  work: ClientWork,
  state: AccountState,
  draft: BatchDraft,
  context: DecideContext,
  tools: DecideTools,
): DecidedWork | null {
  const { meta, commands } = work;
  const risk = tools.telemetry.span('order.risk', meta.traceparent, { 'account.id': state.accountId });
  const { actor, correlationId } = meta;
  const executionMeta = { actor, correlationId, traceparent: risk.traceparent };
  const results: CommandResult[] = [];
  for (const command of commands) {
    try {
      if (command.kind === 'endStrategy') rememberStrategies(state, draft);
      const execution = execute(state, command, executionMeta, context);
      take(execution, draft, tools);
      results.push(execution.result);
    } catch (error) {
      if (!(error instanceof CommandError)) {
        risk.fail(error);
        risk.end();
        throw error;
      }
      // A step that does not count has no effects either.
      if (commands.length === 1 || command.kind === 'stepStrategy') {
        risk.end();
        work.reject(error);
        return null;
      }
      // The others stand by themselves: one mistake among them is one answer among theirs.
      const details = { field: error.field };
      const denial = { code: 'INVALID_ORDER' as const, message: error.message, details };
      results.push({ kind: 'denied', denial, orderId: null, replayed: false });
    }
  }
  const [first] = results;
  risk.set({
    'command.kind': commands[0]?.kind ?? 'none',
    'command.result': first?.kind ?? 'none',
    ...orderIdOf(first),
  });
  risk.end();
  return {
    work,
    results,
    spans: [tools.telemetry.span('order.journal', risk.traceparent, orderIdOf(first))],
  };
}

/** With each end an account may forget a strategy, that one or another: its last row is still to be written. */
function rememberStrategies({ strategies }: AccountState, draft: BatchDraft): void {
  for (const [strategyId, strategy] of strategies) {
    draft.strategies.set(strategyId, strategy);
  }
}

/** Spans of what the venue said, named after what it meant. */
const VENUE_SPANS: Readonly<Record<string, string>> = {
  ACCEPTED: 'broker.ack',
  REJECTED: 'broker.ack',
  FILLED: 'order.fill',
};

function decideSystem(
  work: SystemWork,
  state: AccountState,
  draft: BatchDraft,
  context: DecideContext,
  tools: DecideTools,
): DecidedWork {
  const { command, traceparent } = work;
  const actor = command.kind === 'brokerEvent' || command.kind === 'venueOrder' ? 'venue' : 'gateway';
  const correlationId = `${actor}:${command.kind}`;
  try {
    const execution = execute(state, command, { actor, correlationId, traceparent }, context);
    take(execution, draft, tools);
    return { work, spans: venueSpans(execution.events, tools.telemetry) };
  } catch (error) {
    // Nothing was changed, and there is nobody to tell: an account that is not open yet.
    if (error instanceof CommandError) {
      return { work, spans: [] };
    }
    throw error;
  }
}

function venueSpans(events: readonly JournaledEvent[], telemetry: Telemetry): Span[] {
  const spans: Span[] = [];
  for (const { event, traceparent } of events) {
    const name = VENUE_SPANS[event.type];
    if (name !== undefined && 'orderId' in event && event.orderId !== null) {
      spans.push(telemetry.span(name, traceparent, { 'order.id': event.orderId, 'order.event': event.type }));
    }
  }
  return spans;
}

function take({ events, touched }: Execution, draft: BatchDraft, tools: DecideTools): void {
  for (const event of events) {
    draft.events.push(event);
    if (event.event.type === 'INITIALIZED') {
      const order = touched.get(event.event.orderId);
      if (order !== undefined) {
        tools.remember(order);
      }
    }
  }
  for (const [orderId, order] of touched) {
    draft.orders.set(orderId, order);
  }
}

function orderIdOf(result: CommandResult | undefined): Record<string, string> {
  if (result !== undefined && 'orderId' in result && result.orderId !== null) {
    return { 'order.id': result.orderId };
  }
  return {};
}
