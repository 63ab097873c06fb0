import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Journal } from '../ports/journal.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';
import { withDeadline } from './deadline.ts';

export interface SnapshotSaverOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  readonly timeoutMs: number;
}

/** Saves snapshots beside the order path. One that fails costs nothing but time at the next restart. */
export interface SnapshotSaver {
  save(actor: AccountActor, seq: number, state: string): Promise<void>;
  /** Of the state as it is, if the account is at rest and something has happened since the last one. */
  saveNow(actor: AccountActor): Promise<void>;
}

export function createSnapshotSaver(options: SnapshotSaverOptions): SnapshotSaver {
  const { clock, failpoints, journal, telemetry } = options;

  async function save(actor: AccountActor, seq: number, state: string): Promise<void> {
    const { accountId } = actor.entry;
    try {
      failpoints.hit('snapshot.before-save');
      await withDeadline(clock, options.timeoutMs, 'saving a snapshot', (signal) =>
        journal.saveSnapshot({ accountId, seq, state }, actor.epoch, signal),
      );
      failpoints.hit('snapshot.after-save');
      telemetry.count('snapshots_total', { result: 'saved' });
    } catch (error) {
      telemetry.count('snapshots_total', { result: 'failed' });
      telemetry.log('warn', 'a snapshot could not be saved', { account: accountId, seq, error });
    }
  }

  return {
    save,
    async saveNow(actor) {
      const snapshot = actor.takeSnapshot();
      if (snapshot !== null) {
        await save(actor, snapshot.seq, snapshot.state);
      }
    },
  };
}
