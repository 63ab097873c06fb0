import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';

export interface Round {
  readonly name: string;
  /** From the end of one to the beginning of the next, ms. */
  readonly everyMs: number;
  run(): Promise<void>;
}

/** Does each of them again and again, never twice at once. One that fails is tried again at its next turn. */
export function startRounds(
  clock: Clock,
  telemetry: Telemetry,
  rounds: readonly Round[],
): { close(): Promise<void> } {
  const timers = new Map<string, Timer>();
  const running = new Map<string, Promise<void>>();
  let isClosed = false;

  function schedule(round: Round, isFailing: boolean): void {
    if (isClosed) return;
    const timer = clock.after(round.everyMs, () => {
      running.set(
        round.name,
        attempt(round, isFailing).then((failed) => {
          schedule(round, failed);
        }),
      );
    });
    timers.set(round.name, timer);
  }

  /** Answers whether it failed. Said once for each outage, not with every round of it. */
  async function attempt(round: Round, isFailing: boolean): Promise<boolean> {
    try {
      await round.run();
      return false;
    } catch (error) {
      telemetry.log(isFailing ? 'debug' : 'warn', `could not ${round.name}`, { error });
      return true;
    }
  }

  for (const round of rounds) schedule(round, false);
  return {
    async close() {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      await Promise.all(running.values());
    },
  };
}
