import type { JournaledEvent } from '../engine/account-event.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { type AppendResult, type Journal, JournalError } from '../ports/journal.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';
import type { SealedBatch } from './batch-draft.ts';
import { DeadlineError, withDeadline } from './deadline.ts';
import { settleBatch } from './settle-batch.ts';

export interface CommitSchedulerOptions {
  readonly journal: Journal;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  /** Appends under way at a time, of different accounts. */
  readonly parallelAppends: number;
  /** Events that begin an append beside one under way. */
  readonly parallelFromEvents: number;
  /** An append that has not answered by then is unknown. */
  readonly appendTimeoutMs: number;
  /** Accounts whose events exceed this together wait for the next append. */
  readonly maxEvents: number;
  /** Called after the acknowledgement and the publication, in the order of the commits of an account. */
  onCommitted(actor: AccountActor, sealed: SealedBatch, events: readonly JournaledEvent[]): void;
}

type Handover = readonly [AccountActor, SealedBatch];

/**
 * Group commit. Whatever accounts have decided while an append was under way goes into the next one, so
 * that under load a transaction carries many orders and an idle gateway answers at once. Deciding runs
 * in the turn in which a command arrives; the journal works meanwhile. A second append runs beside the
 * first only when much waits: small ones cost more together than one of both.
 *
 * After a commit, in this order: the next append starts, clients are answered, the commit is published,
 * requests to the venue are handed over, local listeners are told.
 */
export interface CommitScheduler {
  wake(actor: AccountActor): void;
  /**
   * Resolves when no append of the account is under way. An account that was lost and gained again under
   * the same epoch is not fenced off from its own former append: it must not be read before that has ended.
   */
  whenAppended(accountId: string): Promise<unknown>;
}

export function createCommitScheduler(options: CommitSchedulerOptions): CommitScheduler {
  const { clock, failpoints, journal, telemetry } = options;
  /** Accounts that may have something to commit, the longest waiting first. */
  const ready = new Set<AccountActor>();
  const underWay = new Map<Promise<unknown>, readonly Handover[]>();
  const woken = new Set<AccountActor>();
  let isTurnDue = false;

  function wake(actor: AccountActor): void {
    woken.add(actor);
    if (!isTurnDue) {
      isTurnDue = true;
      void Promise.resolve().then(turn);
    }
  }

  function turn(): void {
    isTurnDue = false;
    const actors = [...woken];
    woken.clear();
    for (const actor of actors) {
      actor.decide();
      ready.add(actor);
    }
    commitNext();
  }

  function mayBegin(): boolean {
    if (underWay.size === 0) {
      return true;
    }
    if (underWay.size >= options.parallelAppends) {
      return false;
    }
    let events = 0;
    for (const actor of ready) {
      events += actor.sealableEvents;
    }
    return events >= options.parallelFromEvents;
  }

  function commitNext(): void {
    if (!mayBegin()) {
      return;
    }
    const batch = collect();
    if (batch.length > 0) {
      const appending = append(batch).then((finish) => {
        underWay.delete(appending);
        commitNext();
        finish();
      });
      underWay.set(appending, batch);
    }
  }

  function collect(): Handover[] {
    const batch: Handover[] = [];
    let events = 0;
    for (const actor of ready) {
      if (events >= options.maxEvents) {
        break;
      }
      ready.delete(actor);
      const sealed = seal(actor);
      if (sealed?.batch === null) {
        actor.committed(sealed);
        settle(actor, sealed);
      } else if (sealed !== null) {
        events += sealed.batch.events.length;
        batch.push([actor, sealed]);
      }
    }
    return batch.sort(([a], [b]) => (a.entry.accountId < b.entry.accountId ? -1 : 1));
  }

  function seal(actor: AccountActor): SealedBatch | null {
    try {
      return actor.seal();
    } catch (error) {
      telemetry.log('error', 'a batch could not be made', { account: actor.entry.accountId, error });
      actor.giveUpDraft(error);
      return null;
    }
  }

  /** The batch is durable whatever happens here; a fault in making it known costs no other batch anything. */
  function settle(actor: AccountActor, sealed: SealedBatch): void {
    try {
      settleBatch(actor, sealed, options);
    } catch (error) {
      telemetry.log('error', 'a commit could not be made known', { account: actor.entry.accountId, error });
    }
  }

  /** Answers with what is left to do once the lane is free again. */
  async function append(batch: readonly Handover[]): Promise<() => void> {
    const started = clock.monotonic();
    const batches = batch.flatMap(([, sealed]) => sealed.batch ?? []);
    let result: AppendResult;
    try {
      failpoints.hit('journal.before-append');
      result = await withDeadline(clock, options.appendTimeoutMs, 'the journal', (signal) =>
        journal.append(batches, signal),
      );
      failpoints.hit('journal.after-append');
    } catch (cause) {
      const error =
        cause instanceof JournalError
          ? cause
          : new JournalError('UNKNOWN', 'the append did not end well', { cause });
      telemetry.count('journal_failures_total', { code: error.code });
      telemetry.log(isOutage(cause) ? 'warn' : 'error', 'an append failed', {
        code: error.code,
        accounts: batch.length,
        error,
      });
      return () => {
        for (const [actor, sealed] of batch) {
          actor.failed(sealed, error);
        }
      };
    }
    measure(
      batches.reduce((sum, { events }) => sum + events.length, 0),
      batch.length,
      started,
    );
    const fenced = new Set(result.fenced);
    const done = batch.filter(([actor]) => !fenced.has(actor.entry.accountId));
    for (const [actor, sealed] of done) {
      actor.committed(sealed);
    }
    return () => {
      for (const [actor, sealed] of batch) {
        if (fenced.has(actor.entry.accountId)) {
          telemetry.count('accounts_fenced_total');
          actor.failed(sealed, null);
        }
      }
      for (const [actor, sealed] of done) {
        settle(actor, sealed);
      }
    };
  }

  function measure(events: number, accounts: number, started: number): void {
    telemetry.observe('journal_commit_seconds', (clock.monotonic() - started) / 1_000);
    telemetry.observe('journal_batch_events', events);
    telemetry.observe('journal_batch_accounts', accounts);
    telemetry.count('journal_events_total', {}, events);
  }

  return {
    wake,
    whenAppended(accountId) {
      for (const [appending, batch] of underWay) {
        if (batch.some(([actor]) => actor.entry.accountId === accountId)) {
          return appending;
        }
      }
      return Promise.resolve();
    },
  };
}

/** The journal cannot be reached or does not answer, which accounts and clients are made for. */
function isOutage(error: unknown): boolean {
  return (
    error instanceof DeadlineError ||
    (error instanceof JournalError && (error.code === 'NOT_COMMITTED' || error.code === 'UNKNOWN'))
  );
}
