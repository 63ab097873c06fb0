import type { CommandResult } from '../engine/decision.ts';
import type { OrderRecord } from '../orders/order-record.ts';

/** With a command: who asks, under which trace, and until when it is worth doing. */
export interface CommandMeta {
  /** "user:<id>", "key:<id>", "gateway", ... */
  readonly actor: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
  /** Wall time, epoch ms: a command that has not reached the journal by then is dropped. */
  readonly deadline: number;
}

/** The durable answer, JSON-safe, so that it can come from another process. Orders as they stood at the commit. */
export interface CommandReply {
  readonly result: CommandResult;
  readonly orders: readonly OrderRecord[];
}

/**
 * The command could not be answered. NOT_PLACED: it had no effect and will have none. UNKNOWN: it may
 * have; asking again with the same client order id (or request id) tells.
 */
export class UnavailableError extends Error {
  readonly code = 'UNAVAILABLE';
  readonly outcome: 'NOT_PLACED' | 'UNKNOWN';

  constructor(outcome: 'NOT_PLACED' | 'UNKNOWN', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnavailableError';
    this.outcome = outcome;
  }
}
