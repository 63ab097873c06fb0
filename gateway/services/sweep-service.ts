import { hash } from 'node:crypto';

import canonicalize from 'canonicalize';

import { actorOf, requireScope } from '../../core/identity/principal.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock, Ids } from '../../core/ports/clock.ts';
import { apiError, badInput, notFound } from '../../schema/errors/api-error.ts';
import type { RunSweepRequest, SweepService } from '../../schema/sweeps/sweep-service.ts';
import type { SweepReads } from '../database/sweeps/sweep-reads.ts';
import type { SweepStore } from '../database/sweeps/sweep-store.ts';
import type { CheckSweep, SweepOfBacktest } from '../sweeps/jobs/check-sweep.ts';
import { refuseRequest, toBacktestRequest } from './backtest-input.ts';

export interface SweepServiceOptions {
  readonly store: SweepStore;
  readonly reads: SweepReads;
  readonly check: CheckSweep;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Sweeps of one workspace that may be unfinished, and evaluations of one sweep. */
  readonly mostUnfinished: number;
  readonly mostEvaluations: number;
}

export function createSweepService(options: SweepServiceOptions): SweepService {
  const { bus, check, clock, ids, mostEvaluations, mostUnfinished, reads, store } = options;

  return {
    async run(context, input) {
      const principal = requireScope(context.principal, 'BACKTESTS');
      const { workspaceId } = principal;
      const request = toSweepRequest(input);
      const { settings, total } = await check(request, context.signal, workspaceId).catch(refuseRequest);
      if (total !== null && total > mostEvaluations) throw tooManyEvaluations(total, mostEvaluations);
      // The same text for the same settings, whatever the order of their members.
      const text = canonicalize(settings) ?? '';
      const id = ids.next();
      const sweep = {
        ...{ id, createdBy: actorOf(principal), createdAt: clock.now(), total },
        ...{ request: JSON.stringify(request), settings: text, settingsHash: hash('sha256', text) },
        details: { strategy: settings.backtest.strategy, tuner: settings.tuner.id, evaluations: total },
      };
      const row = await store.add(workspaceId, sweep, mostUnfinished, context.signal);
      if (row === null) throw tooManyUnfinished(mostUnfinished);
      bus.publish('sweep', { sweepId: id, workspaceId, change: 'QUEUED' });
      return row;
    },

    async cancel(context, id) {
      const principal = requireScope(context.principal, 'BACKTESTS');
      const { workspaceId } = principal;
      const by = { actor: actorOf(principal), at: clock.now() };
      const row = await store.cancel(workspaceId, id, by, context.signal);
      if (row === null) throw notFound('sweep', id, 'id');
      bus.publish('sweep', { sweepId: id, workspaceId, change: 'CANCELED' });
      return row;
    },

    find(context, id) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return store.find(workspaceId, id, context.signal);
    },

    page(context, first, beforeId) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return store.page(workspaceId, first, beforeId, context.signal);
    },

    results(context, sweepIds) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return reads.results(workspaceId, sweepIds, context.signal);
    },

    evaluations(context, sweepIds, wanted) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return reads.evaluations(workspaceId, sweepIds, wanted, context.signal);
    },
  };
}

/** What came in as JSON holds nothing else; its form is checked with all the rest. */
const toSweepRequest = ({ backtest, space, tunerConfig, ...input }: RunSweepRequest): SweepOfBacktest => ({
  ...input,
  ...{ space: space as SweepOfBacktest['space'], objective: input.objective as SweepOfBacktest['objective'] },
  ...{ tunerConfig: tunerConfig as SweepOfBacktest['tunerConfig'] },
  backtest: toBacktestRequest(backtest),
});

const tooManyEvaluations = (total: number, most: number): Error =>
  badInput(
    `input.space makes ${String(total)} runs, and a sweep may have ${String(most)} (SWEEP_EVALUATIONS): search less, or choose a tuner that does not try everything.`,
    'input.space',
  );

const tooManyUnfinished = (most: number): Error =>
  apiError(
    'RATE_LIMITED',
    `${String(most)} sweeps of the workspace are not finished: wait for one of them, or cancel one.`,
  );
