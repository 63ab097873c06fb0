import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import { snapshotState } from '../engine/snapshot.ts';
import type { Order } from '../orders/order.ts';
import type { AccountEntry } from '../ports/account-directory.ts';
import type { AccountActor, ActorEnvironment } from './account-actor.ts';
import { createArchiveGate } from './archive-gate.ts';
import { EMPTY_ARCHIVE } from './archive-view.ts';
import { type BatchDraft, emptyDraft, endSpans, type SealedBatch, worksOf } from './batch-draft.ts';
import { decideWork } from './decide-work.ts';
import { createMailbox } from './mailbox.ts';
import { createRefusalWatch } from './refusal-watch.ts';
import { createRejections } from './rejections.ts';
import { sealDraft } from './seal-draft.ts';
import { createWaiters } from './waiters.ts';
import { type ClientWork, isExpired, kindOf, type ReadWork, systemWork, type Work } from './work.ts';

/** Makes the writer of an account; what it does and keeps is described at {@link AccountActor}. */
export function createAccountActor(entry: AccountEntry, epoch: number, env: ActorEnvironment): AccountActor {
  const mailbox = createMailbox(env.limits);
  const archives = createArchiveGate({
    accountId: entry.accountId,
    prefetch: env.prefetch,
    clock: env.clock,
    venueIdPrefix: env.venueIdPrefix,
    wake: () => {
      env.wake(actor);
    },
  });
  const tools = {
    telemetry: env.telemetry,
    remember: (order: Order) => {
      archives.remember(order);
    },
  };
  let phase: AccountActor['phase'] = 'loading';
  let state: AccountState | null = null;
  let draft: BatchDraft = emptyDraft();
  let inFlight: SealedBatch | null = null;
  let snapshotSeq = 0;
  const refusals = createRefusalWatch();
  let intake: 'held' | 'admitted' | 'stopped' = 'held';
  const progress = createWaiters();

  /** Forgets what is not durable; `putBack` and the works of the draft are decided again. */
  function discard(putBack: readonly Work[]): void {
    const undecided = worksOf(draft.decided);
    endSpans(draft.decided, null);
    draft = emptyDraft();
    mailbox.putBack([...putBack, ...undecided]);
    archives.reset();
    state = null;
    if (phase === 'open') {
      phase = 'loading';
      intake = intake === 'admitted' ? 'held' : intake;
      // With a batch in flight the journal cannot be read yet; its end calls for the reload.
      if (inFlight === null) {
        env.reload(actor, refusals.pauseMs);
      }
    }
  }

  const { refuse, disown } = createRejections(entry.accountId, env.telemetry);

  /** Takes a work of a client in, or refuses it at once. */
  function takeIn(work: ClientWork | ReadWork): void {
    if (phase === 'closed' || intake === 'stopped') {
      disown([work]);
    } else if (mailbox.add(work)) {
      if (work.kind === 'client' && state !== null) {
        archives.arrive(work, state);
      }
      env.wake(actor);
    } else {
      refuse([work], 'NOT_PLACED', 'too many commands wait for this account: try again');
    }
  }

  function decideNext(current: AccountState): boolean {
    const work = mailbox.peek();
    const isHeld = intake === 'held' && current.seq > 0;
    if (work === undefined || (work.kind !== 'system' && isHeld)) {
      return false;
    }
    const isAllCommitted = inFlight === null && draft.events.length === 0;
    const archive = work.kind === 'read' ? EMPTY_ARCHIVE : archives.admit(work, current, isAllCommitted);
    if (archive === null) {
      return false;
    }
    mailbox.take();
    if (isExpired(work, env.clock.now())) {
      refuse([work], 'NOT_PLACED', 'the command expired before it could be decided');
      return true;
    }
    try {
      if (work.kind !== 'read') {
        work.archive = archive;
      }
      const decided = decideWork(work, current, draft, env.context(archive), tools);
      if (decided !== null) {
        draft.decided.push(decided);
      }
      return true;
    } catch (error) {
      // A fault of ours: the state may be half changed. The work is given up, all others are decided again.
      env.telemetry.count('decide_faults_total', { kind: kindOf(work) });
      env.telemetry.log('error', 'a decision failed', {
        account: entry.accountId,
        kind: kindOf(work),
        error,
      });
      refuse([work], 'NOT_PLACED', 'the command could not be decided', error);
      discard([]);
      return false;
    }
  }

  const actor: AccountActor = {
    entry,
    epoch,
    get phase() {
      return phase;
    },
    get depth() {
      return mailbox.size + draft.decided.length + (inFlight?.decided.length ?? 0);
    },
    get waitingSince() {
      const work = inFlight?.decided[0]?.work ?? draft.decided[0]?.work ?? mailbox.peek();
      return work?.arrivedAt ?? null;
    },
    get sealableEvents() {
      return inFlight === null ? draft.events.length : 0;
    },
    get isQuiet() {
      return phase === 'open' && actor.depth === 0;
    },
    get state() {
      return state;
    },

    submit(commands, meta) {
      return new Promise((resolve, reject) => {
        const arrivedAt = env.clock.monotonic();
        takeIn({ kind: 'client', commands, meta, arrivedAt, resolve, reject, archive: null });
      });
    },
    post(command, traceparent = null, settled = null) {
      if (phase === 'closed') {
        settled?.(false);
        return true;
      }
      if (!mailbox.add(systemWork(command, env.clock.monotonic(), traceparent, settled))) {
        return false;
      }
      env.wake(actor);
      return true;
    },
    read<T>(read: (from: AccountState, context: DecideContext) => T, deadline: number) {
      return new Promise<T>((resolve, reject) => {
        const tell = (value: unknown): void => {
          resolve(value as T);
        };
        takeIn({ kind: 'read', arrivedAt: env.clock.monotonic(), deadline, read, resolve: tell, reject });
      });
    },

    open(loaded, seq) {
      if (phase === 'loading') {
        phase = 'open';
        state = loaded;
        snapshotSeq = seq;
        if (loaded.seq > 0) {
          // First of all: what was journaled as sent and has no answer may or may not be at the venue.
          mailbox.putBack([systemWork({ kind: 'recover' }, env.clock.monotonic())]);
        }
        env.wake(actor);
      }
    },
    admitClients() {
      if (intake === 'held') {
        intake = 'admitted';
        env.wake(actor);
      }
    },
    stopIntake() {
      intake = 'stopped';
      env.wake(actor);
    },
    whenProgressed: () => (phase === 'closed' ? Promise.resolve() : progress.wait()),
    async whenQuiet() {
      while (phase !== 'closed' && actor.depth > 0) {
        await progress.wait();
      }
    },
    close() {
      if (phase === 'closed') {
        return;
      }
      phase = 'closed';
      discard([]);
      disown(mailbox.drain());
      progress.tell();
    },
    expire() {
      const now = env.clock.now();
      refuse(
        mailbox.remove((work) => isExpired(work, now)),
        'NOT_PLACED',
        'the command expired before it could be decided',
      );
    },

    decide() {
      const works = refusals.isWary ? 1 : env.batchLimit.works;
      while (state !== null && draft.decided.length < works && draft.events.length < env.batchLimit.events) {
        if (!decideNext(state)) {
          return;
        }
      }
    },
    seal() {
      if (inFlight !== null || state === null || draft.decided.length === 0) {
        return null;
      }
      const now = env.clock.now();
      const late = draft.decided.filter((item) => isExpired(item.work, now)).map((item) => item.work);
      if (late.length > 0 && draft.events.length > 0) {
        // It must not reach the journal any more, and what was decided after it stands on it.
        draft = { ...emptyDraft(), decided: draft.decided.filter((item) => !late.includes(item.work)) };
        refuse(late, 'NOT_PLACED', 'the command expired before it could be journaled');
        discard([]);
        return null;
      }
      const isSnapshotDue = state.seq - snapshotSeq >= env.snapshotEvery;
      inFlight = sealDraft({ entry, epoch, state, draft, capabilities: env.capabilities(), isSnapshotDue });
      snapshotSeq = inFlight.snapshot === null ? snapshotSeq : state.seq;
      draft = emptyDraft();
      return inFlight;
    },
    giveUpDraft(error) {
      const works = worksOf(draft.decided);
      draft = emptyDraft();
      refuse(works, 'NOT_PLACED', 'the command could not be journaled', error);
      discard([]);
    },
    committed(sealed) {
      refusals.passed(sealed);
      if (inFlight === sealed) {
        inFlight = null;
      }
      if (state === null && phase === 'loading') {
        env.reload(actor, refusals.pauseMs);
      } else if (mailbox.size > 0 || draft.decided.length > 0) {
        env.wake(actor);
      }
      progress.tell();
    },
    failed(sealed, error) {
      inFlight = null;
      refusals.failed();
      endSpans(sealed.decided, error);
      const works = worksOf(sealed.decided);
      const again = works.filter((work) => error === null || work.kind !== 'client');
      if (error === null && refusals.isHopeless(sealed)) {
        const kinds = again.splice(0).map(kindOf);
        env.telemetry.log('error', 'the journal refuses what was decided', {
          account: entry.accountId,
          kinds,
        });
        refuse(works, 'NOT_PLACED', 'the journal refused the command');
      }
      if (error !== null) {
        const outcome = error.code === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_PLACED';
        const clients = works.filter((work) => work.kind === 'client');
        refuse(clients, outcome, 'the journal did not confirm the command', error);
      }
      if (phase === 'closed') {
        disown(again);
        progress.tell();
      } else if (phase === 'loading') {
        mailbox.putBack(again);
        env.reload(actor, refusals.pauseMs);
      } else {
        discard(again);
      }
    },
    takeSnapshot() {
      if (!actor.isQuiet || state === null || state.seq === snapshotSeq) {
        return null;
      }
      snapshotSeq = state.seq;
      return { seq: state.seq, state: snapshotState(state) };
    },
  };
  return actor;
}
