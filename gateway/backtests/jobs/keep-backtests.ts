import type { Clock } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { createRepeating } from '../../../core/runtime/repeating.ts';
import type { BacktestUpkeep } from '../../database/backtests/backtest-upkeep.ts';
import type { RemoveEnded } from '../../database/remove-ended.ts';

export interface BacktestKeepingOptions {
  readonly upkeep: BacktestUpkeep;
  readonly removeEndedSweeps: RemoveEnded;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'log' | 'gauge' | 'count'>;
  /** Days after its end at which one is removed; undefined: none is. */
  readonly retentionDays: number | undefined;
  /** The same of sweeps. */
  readonly sweepRetentionDays: number | undefined;
}

const DAY_MS = 86_400_000;
const COUNT_EVERY_MS = 15_000;
const REMOVE_EVERY_MS = 600_000;
const STATEMENT_MS = 60_000;
/** Of one transaction, so that nobody waits long for it: a sweep has thousands of evaluations. */
const BATCH = 50;
const BATCH_OF_SWEEPS = 1;

/**
 * Counts the backtests that wait, and removes old ones and old sweeps: every process of an installation does, and one at
 * a time removes.
 */
export function keepBacktests(options: BacktestKeepingOptions): { close(): Promise<void> } {
  const { clock, removeEndedSweeps, retentionDays, sweepRetentionDays, telemetry, upkeep } = options;
  const closing = new AbortController();
  const repeating = createRepeating(clock);
  const soon = (): AbortSignal => AbortSignal.any([closing.signal, AbortSignal.timeout(STATEMENT_MS)]);
  let removing: Promise<void> = Promise.resolve();
  let counting: Promise<void> = Promise.resolve();

  async function removeOld(): Promise<void> {
    await upkeep.removeSaves(soon());
    await removeEnded(upkeep.removeEnded, retentionDays, BATCH, 'backtests_removed_total');
  }
  const removeOldSweeps = (): Promise<void> =>
    removeEnded(removeEndedSweeps, sweepRetentionDays, BATCH_OF_SWEEPS, 'sweeps_removed_total');

  async function removeEnded(remove: RemoveEnded, days: number | undefined, batch: number, counter: string) {
    if (days === undefined) return;
    const before = clock.now() - days * DAY_MS;
    for (let removed: number | null = batch; removed === batch && !closing.signal.aborted;) {
      removed = await remove(before, batch, soon());
      if (removed !== null && removed > 0) telemetry.count(counter, {}, removed);
    }
  }

  const told =
    (message: string) =>
    (error: unknown): void => {
      if (!closing.signal.aborted) telemetry.log('warn', message, { error });
    };
  const remove = (): void => {
    removing = removing
      .then(removeOld)
      .catch(told('old backtests could not be removed'))
      .then(removeOldSweeps)
      .catch(told('old sweeps could not be removed'));
  };
  const count = (): void => {
    counting = counting
      .then(async () => {
        telemetry.gauge('backtests_queued', await upkeep.queued(soon()));
      })
      .catch(told('the backtests that wait could not be counted'));
  };

  count();
  remove();
  repeating.every(COUNT_EVERY_MS, count);
  repeating.every(REMOVE_EVERY_MS, remove);

  return {
    async close() {
      repeating.close();
      closing.abort(new Error('the process is about to end'));
      await Promise.all([removing, counting]);
    },
  };
}
