import type { Clock } from '../ports/clock.ts';
import type { StrategySupervisor } from '../strategies/strategy-supervisor.ts';
import type { BrokerSessions } from './broker-sessions.ts';
import { pause } from './deadline.ts';
import type { ShardRunner } from './shard-runner.ts';

export interface Settling {
  readonly runner: Pick<ShardRunner, 'actors'>;
  readonly strategies: Pick<StrategySupervisor, 'isIdle'>;
  readonly venues: Pick<BrokerSessions, 'get'>;
}

/** Nothing is being decided, committed or asked of a venue, and no strategy has anything to do. */
export const isSettled = ({ runner, strategies, venues }: Settling): boolean =>
  strategies.isIdle &&
  [...runner.actors.values()].every(
    (actor) => actor.isQuiet && !venues.get(actor.entry).session.isBusy(actor.entry.accountId),
  );

/** What is handed on between two parts of the process takes less than that many turns of the event loop. */
const TURNS = 3;

/** Resolves once `isIdle` has held through a few turns of the event loop, or when the signal is aborted. */
export async function whenSettled(clock: Clock, isIdle: () => boolean, signal: AbortSignal): Promise<void> {
  for (let idle = 0; idle < TURNS && !signal.aborted;) {
    await pause(clock, 0, signal);
    idle = isIdle() ? idle + 1 : 0;
  }
}
