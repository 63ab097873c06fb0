import type { BacktestRow } from '../../../core/ports/backtests.ts';
import type { Bus } from '../../../core/ports/bus.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { SweepRow } from '../../../core/ports/sweeps.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { RequestContext } from '../../../schema/context.ts';
import { createFeed, type Feed } from './feed.ts';
import {
  openProgressReader,
  type ProgressWatch,
  type ProgressWatchOptions,
  type ReadProgress,
  watchProgress,
} from './progress-watch.ts';
import { createSharedThings } from './shared.ts';

/** Where backtests and sweeps are read for those who follow them. */
export interface ReadRows {
  readonly readBacktest: ReadProgress<BacktestRow>;
  readonly readSweep: ReadProgress<SweepRow>;
}

export interface ProgressStreamsOptions extends ReadRows {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long one that nobody follows any more is kept. */
  readonly lingerMs: number;
  /** Between two looks that nobody asked for. */
  readonly intervalMs: number;
}

export interface ProgressStreams {
  backtest(context: RequestContext, id: string): Feed<BacktestRow>;
  sweep(context: RequestContext, id: string): Feed<SweepRow>;
  close(): void;
}

export function createProgressStreams(options: ProgressStreamsOptions): ProgressStreams {
  const { bus, clock, lingerMs, readBacktest, readSweep } = options;
  const watches = <R>() =>
    createSharedThings<ProgressWatch<R>>(clock, lingerMs, (watched) => {
      watched.close();
    });
  const backtests = watches<BacktestRow>();
  const sweeps = watches<SweepRow>();

  function follow<R extends Pick<BacktestRow, 'status'>>(
    shared: ReturnType<typeof watches<R>>,
    context: RequestContext,
    id: string,
    how: Pick<ProgressWatchOptions<R>, 'read' | 'hasChanged' | 'onNotice'>,
  ): Feed<R> {
    const { workspaceId } = context.requirePrincipal();
    return createFeed((wake) => {
      const { release, value } = shared.acquire(JSON.stringify([workspaceId, id]), () =>
        watchProgress({ ...options, ...how, id, workspaceId }),
      );
      return openProgressReader(value, release, wake);
    });
  }

  return {
    backtest: (context, id) =>
      follow(backtests, context, id, {
        read: readBacktest,
        hasChanged: (now, before) => now.status !== before.status || now.progress !== before.progress,
        onNotice: (listener) =>
          bus.subscribe('backtest', (notice) => {
            if (notice.backtestId === id) listener();
          }),
      }),
    sweep: (context, id) =>
      follow(sweeps, context, id, {
        read: readSweep,
        hasChanged: (now, before) =>
          now.status !== before.status || now.evaluated !== before.evaluated || now.total !== before.total,
        onNotice: (listener) =>
          bus.subscribe('sweep', (notice) => {
            if (notice.sweepId === id) listener();
          }),
      }),
    close() {
      backtests.close();
      sweeps.close();
    },
  };
}
