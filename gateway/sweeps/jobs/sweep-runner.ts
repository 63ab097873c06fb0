import type { Bus } from '../../../core/ports/bus.ts';
import type { JobQueue } from '../../database/backtests/job-queue.ts';
import type { SweepTicket } from '../../database/sweeps/sweep-tickets.ts';
import { runSweepTicket, type SweepTicketOptions, type TicketSignals } from './run-sweep-ticket.ts';

export interface SweepRunnerOptions extends Omit<
  SweepTicketOptions,
  'announce' | 'onCancel' | 'lookEveryMs'
> {
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly queue: Pick<JobQueue, 'wake'>;
  readonly lookEveryMs?: number;
}

/** What is done of sweeps in this process. */
export interface SweepRunner {
  /** Rejects when the job of the ticket has to be taken again. */
  run(ticket: SweepTicket, signals: TicketSignals): Promise<void>;
  /** Hears of no sweep any more. */
  close(): void;
}

const LOOK_EVERY_MS = 1_000;

export function createSweepRunner({ bus, queue, ...options }: SweepRunnerOptions): SweepRunner {
  const listeners = new Map<string, Set<() => void>>();

  const unsubscribe = bus.subscribe('sweep', ({ change, sweepId }) => {
    if (change === 'QUEUED') queue.wake();
    if (change === 'CANCELED') for (const listener of listeners.get(sweepId) ?? []) listener();
  });

  const surroundings: SweepTicketOptions = {
    ...options,
    lookEveryMs: options.lookEveryMs ?? LOOK_EVERY_MS,
    announce({ sweepId, workspaceId }, change) {
      bus.publish('sweep', { sweepId, workspaceId, change });
    },
    onCancel(sweepId, listener) {
      const own = listeners.get(sweepId) ?? new Set();
      listeners.set(sweepId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(sweepId) === own) listeners.delete(sweepId);
      };
    },
  };

  return {
    run: (ticket, signals) => runSweepTicket(ticket, surroundings, signals),
    close: unsubscribe,
  };
}
