import { hash } from 'node:crypto';

import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import { canonicalJson } from '../../../core/engine/canonical-json.ts';

/** What the first event of an account is chained to. */
export const GENESIS = '0'.repeat(64);

export type EventEnvelope = Omit<JournaledEvent, 'event'>;

/**
 * The hash of an event: SHA-256, in hex, over the hash before it (as hex) followed by the canonical
 * JSON of the whole journaled event. `payload` is the canonical JSON of its `event`.
 */
export function chainHash(previous: string, envelope: EventEnvelope, payload: string): string {
  const { accountId, actor, at, causationId, correlationId, recordedAt, schema, seq, traceparent } = envelope;
  // The members of a JournaledEvent in canonical order, so that nothing has to be sorted.
  return hash(
    'sha256',
    `${previous}{"accountId":${JSON.stringify(accountId)},"actor":${JSON.stringify(actor)},"at":${String(at)}` +
      `,"causationId":${JSON.stringify(causationId)},"correlationId":${JSON.stringify(correlationId)}` +
      `,"event":${payload},"recordedAt":${String(recordedAt)},"schema":${String(schema)},"seq":${String(seq)}` +
      `,"traceparent":${JSON.stringify(traceparent)}}`,
    'hex',
  );
}

export const payloadOf = (event: JournaledEvent): string => canonicalJson(event.event);
