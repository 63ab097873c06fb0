import type { JournaledEvent } from '../engine/account-event.ts';
import type { ReadModelChanges } from './read-model.ts';

/** The events of one account that wait to be committed, with the rows that follow from them. */
export interface AccountBatch {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly shard: number;
  /** The lease epoch under which the events were decided. */
  readonly epoch: number;
  /** Sequence of the last committed event; 0 creates the account. */
  readonly expectedSeq: number;
  readonly events: readonly JournaledEvent[];
  readonly changes: ReadModelChanges;
}

export interface AppendResult {
  readonly committed: readonly string[];
  /** Left out of the transaction: another owner took the account over, or its journal is elsewhere. */
  readonly fenced: readonly string[];
}

/** `NOT_COMMITTED`: provably nothing was written. `UNKNOWN`: it may or may not have been. */
export class JournalError extends Error {
  readonly code: 'NOT_COMMITTED' | 'UNKNOWN' | 'CORRUPT' | 'NEWER_SCHEMA';

  constructor(
    code: 'NOT_COMMITTED' | 'UNKNOWN' | 'CORRUPT' | 'NEWER_SCHEMA',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'JournalError';
    this.code = code;
  }
}

export interface AccountSnapshot {
  readonly accountId: string;
  readonly seq: number;
  /** Made by `snapshotState`; JSON text. */
  readonly state: string;
}

/**
 * The truth: append-only, numbered for each account without holes, hash-chained. One `append` is one
 * transaction over all its accounts; an account whose fence fails is left out and the rest commit.
 */
export interface Journal {
  /** At most one append of an account at a time. Rejects with JournalError. */
  append(batches: readonly AccountBatch[], signal: AbortSignal): Promise<AppendResult>;
  /**
   * Raises the accounts of a shard to a lease epoch, so that an earlier owner's appends are fenced
   * off from here on; answers with the accounts. Rejects (NOT_COMMITTED) when the epoch is not the lease's.
   */
  takeOver(shard: number, epoch: number, signal: AbortSignal): Promise<readonly string[]>;
  latestSnapshot(accountId: string, signal: AbortSignal): Promise<AccountSnapshot | null>;
  saveSnapshot(snapshot: AccountSnapshot, epoch: number, signal: AbortSignal): Promise<void>;
  /** Events after `afterSeq` in order, in pages; checks numbering and (where read from its start or a checked head) the chain. */
  read(accountId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<readonly JournaledEvent[]>;
}
