import type { BrokerCapabilities } from '@omniquant/plugin-sdk';

import type { AccountState } from '../engine/account-state.ts';
import type { ClientCommand, SystemCommand } from '../engine/command.ts';
import type { ArchiveView, DecideContext } from '../engine/decide-context.ts';
import type { AccountEntry } from '../ports/account-directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalError } from '../ports/journal.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { ArchivePrefetch } from './archive-prefetch.ts';
import type { SealedBatch } from './batch-draft.ts';
import type { CommandMeta, CommandReply } from './command-reply.ts';
import type { MailboxLimits } from './mailbox.ts';
import type { SystemWork } from './work.ts';

/** What an actor needs around it. */
export interface ActorEnvironment {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly prefetch: ArchivePrefetch;
  readonly limits: MailboxLimits;
  /** Works, and events but for those of the last work, that one commit of an account may carry. */
  readonly batchLimit: { readonly works: number; readonly events: number };
  readonly venueIdPrefix: string;
  readonly snapshotEvery: number;
  capabilities(): BrokerCapabilities;
  /** Everything that a decision of this account may look at, as of now. */
  context(archive: ArchiveView): DecideContext;
  /** Something waits: `decide` and `seal` want to be called. */
  wake(actor: AccountActor): void;
  /** The state was discarded and has to be read again: ends in `open` or `close`. */
  reload(actor: AccountActor, afterMs: number): void;
}

/**
 * The one writer of an account.
 *
 *   loading --open--> open --discard--> loading        close: from anywhere, for good
 *
 * Invariants
 * - `state` is the journal up to the batch in flight, that batch, and the draft. A commit that fails
 *   takes all of it away: the state is discarded and read again from the journal.
 * - At most one batch is in flight. Deciding goes on meanwhile, into the draft.
 * - Nobody hears of a decision before its events are durable. One without events of its own (a repeated
 *   request, a read) waits for those that were decided before it.
 * - Works of a draft that is discarded have left no trace: they are decided again. Of a batch in flight
 *   the clients are told what is known, and what the venue said is decided again: it is idempotent.
 */
export interface AccountActor {
  readonly entry: AccountEntry;
  readonly epoch: number;
  readonly phase: 'loading' | 'open' | 'closed';
  /** Commands waiting or being decided. */
  readonly depth: number;
  /** Monotonic time since when the oldest of them is here; null without any. */
  readonly waitingSince: number | null;
  /** Nothing waits, is decided or in flight: the state is the journal. */
  readonly isQuiet: boolean;
  /** Events that the next `seal` would hand over. */
  readonly sealableEvents: number;
  /** Ahead of the journal by what is in flight and in the draft; null unless open. Not to be changed. */
  readonly state: AccountState | null;

  submit(commands: readonly ClientCommand[], meta: CommandMeta): Promise<readonly CommandReply[]>;
  /** False when too much waits: the message is lost, and the venue has to be asked anew. */
  post(command: SystemCommand, traceparent?: string | null, settled?: SystemWork['settled']): boolean;
  read<T>(read: (state: AccountState, context: DecideContext) => T, deadline: number): Promise<T>;

  open(state: AccountState, snapshotSeq: number): void;
  /**
   * From now on clients' commands are decided. After a load, and after the command that opens a new
   * account, they wait for this, so that they are not refused for the moment in which the venue is asked.
   */
  admitClients(): void;
  /** Takes in nothing more from clients: the account is about to be given away. */
  stopIntake(): void;
  /** Resolves when nothing waits, is decided or in flight. */
  whenQuiet(): Promise<void>;
  /** Resolves when the next batch has committed or failed, or the account is given away. */
  whenProgressed(): Promise<void>;
  /** No longer ours: whatever has not reached the journal may be asked of the next owner. */
  close(): void;
  /** Refuses commands whose deadline has passed while they waited. */
  expire(): void;

  /** Decides what waits, into the draft. */
  decide(): void;
  /** Closes the draft for the journal; null when there is nothing to hand over now. */
  seal(): SealedBatch | null;
  /** The draft could not be closed, by a fault of ours: its works are given up, and the state is read anew. */
  giveUpDraft(error: unknown): void;
  committed(sealed: SealedBatch): void;
  /** `null`: fenced off. Provably not written, but why can only the journal say. */
  failed(sealed: SealedBatch, error: JournalError | null): void;
  /** State as JSON text with its sequence, when quiet; null when it is the last snapshot already. */
  takeSnapshot(): { readonly seq: number; readonly state: string } | null;
}
