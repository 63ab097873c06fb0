import type { Denial, DenialCode } from '../../risk/denial.ts';
import { deny } from '../../risk/deny.ts';
import type { Decision } from '../decision.ts';

export const DONE: Decision = { events: [], result: { kind: 'done' } };

export const done = (events: Decision['events']): Decision => ({ events, result: { kind: 'done' } });

/** A refusal without a trace in the journal. */
export const refused = (denial: Denial, orderId: string | null = null): Decision => ({
  events: [],
  result: { kind: 'denied', denial, orderId, replayed: false },
});

/** A denial that names the field to mend. */
export const fieldDenial = (field: string, message: string, code: DenialCode = 'INVALID_ORDER'): Denial =>
  deny(code, `${field} ${message}`, { field });
