import { type DomainEvent, EVENT_SCHEMA, type JournaledEvent } from '../../../core/engine/account-event.ts';
import { JournalError } from '../../../core/ports/journal.ts';

export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly recorded_at: number;
  readonly schema: number;
  readonly actor: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
  readonly payload: string;
}

export const EVENT_COLUMNS =
  'seq, at, recorded_at, schema, actor, correlation_id, causation_id, traceparent, payload';

/** A row as an event, without looking at the chain. Throws NEWER_SCHEMA. */
export function toEvent(accountId: string, row: EventRow): JournaledEvent {
  if (row.schema > EVENT_SCHEMA) {
    throw new JournalError(
      'NEWER_SCHEMA',
      `event ${String(row.seq)} of account ${accountId} has schema ${String(row.schema)}, this gateway knows ${String(EVENT_SCHEMA)}: run the newer one`,
    );
  }
  return {
    accountId,
    seq: row.seq,
    at: row.at,
    recordedAt: row.recorded_at,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    traceparent: row.traceparent,
    actor: row.actor,
    schema: row.schema,
    event: JSON.parse(row.payload) as DomainEvent,
  };
}
