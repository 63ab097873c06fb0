import type { JournaledEvent } from '../engine/account-event.ts';
import type { CommandResult } from '../engine/decision.ts';
import type { Order } from '../orders/order.ts';
import type { AccountBatch } from '../ports/journal.ts';
import type { Span } from '../ports/telemetry.ts';
import type { StrategyState } from '../strategies/strategy-state.ts';
import type { BrokerSend } from './broker-send.ts';
import type { CommandReply } from './command-reply.ts';
import type { ClientWork, ReadWork, SystemWork, Work } from './work.ts';

/** A work that has been decided, with what is to be said once its events are durable. */
export type DecidedWork =
  | { readonly work: ClientWork; readonly results: readonly CommandResult[]; readonly spans: readonly Span[] }
  | { readonly work: SystemWork; readonly spans: readonly Span[] }
  | { readonly work: ReadWork; readonly value: unknown };

/** What has been decided on top of the state and not yet been handed to the journal. */
export interface BatchDraft {
  readonly decided: DecidedWork[];
  readonly events: JournaledEvent[];
  /** What the events touched, by id: done orders may leave memory before the draft is sealed. */
  readonly orders: Map<string, Order>;
  /** Strategies that the account may have forgotten meanwhile, by id. */
  readonly strategies: Map<string, StrategyState>;
}

/**
 * A draft that is on its way to the journal. All that follows from it was taken from the state at this
 * point, since the state goes on while the commit is under way.
 */
export interface SealedBatch {
  readonly decided: readonly DecidedWork[];
  /** Null when nothing has to be written: the answers only wait for what was decided before. */
  readonly batch: AccountBatch | null;
  /** By client work. */
  readonly replies: ReadonlyMap<ClientWork, readonly CommandReply[]>;
  readonly sends: readonly BrokerSend[];
  /** State after the batch as JSON text, when a snapshot is due. */
  readonly snapshot: string | null;
}

export function emptyDraft(): BatchDraft {
  return { decided: [], events: [], orders: new Map(), strategies: new Map() };
}

export function worksOf(decided: readonly DecidedWork[]): Work[] {
  return decided.map((item) => item.work);
}

export function endSpans(decided: readonly DecidedWork[], error: unknown): void {
  for (const item of decided) {
    for (const span of 'spans' in item ? item.spans : []) {
      if (error !== null) {
        span.fail(error);
      }
      span.end();
    }
  }
}
