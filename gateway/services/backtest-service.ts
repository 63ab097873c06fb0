import { hash } from 'node:crypto';

import canonicalize from 'canonicalize';

import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import { actorOf, requireScope } from '../../core/identity/principal.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock, Ids } from '../../core/ports/clock.ts';
import type { BacktestService } from '../../schema/backtests/backtest-service.ts';
import { apiError, notFound } from '../../schema/errors/api-error.ts';
import type { ReportLinks } from '../auth/report-links.ts';
import type { BacktestRequest } from '../backtests/backtest-request.ts';
import type { BacktestResults } from '../database/backtests/backtest-results.ts';
import type { BacktestStore } from '../database/backtests/backtest-store.ts';
import { refuseRequest, toBacktestRequest } from './backtest-input.ts';

/** What a request comes to. Throws BacktestError BAD_USER_INPUT with the field that is wrong. */
export type CheckBacktest = (
  request: BacktestRequest,
  signal: AbortSignal,
  /** Whose stored bars it may be run on. */
  workspaceId: string,
) => Promise<BacktestSettings>;

export interface BacktestServiceOptions {
  readonly store: BacktestStore;
  readonly results: BacktestResults;
  readonly check: CheckBacktest;
  readonly links: ReportLinks;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Backtests of one workspace that may wait. */
  readonly mostQueued: number;
}

export function createBacktestService(options: BacktestServiceOptions): BacktestService {
  const { bus, check, clock, ids, links, mostQueued, results, store } = options;

  return {
    async run(context, input) {
      const principal = requireScope(context.principal, 'BACKTESTS');
      const { workspaceId } = principal;
      const request = toBacktestRequest(input);
      const settings = canonicalText(await check(request, context.signal, workspaceId).catch(refuseRequest));
      const backtest = {
        ...{ id: ids.next(), createdBy: actorOf(principal), createdAt: clock.now() },
        ...{ request: JSON.stringify(request), settings, settingsHash: hash('sha256', settings) },
      };
      const row = await store.add(workspaceId, backtest, mostQueued, context.signal);
      if (row === null) throw tooManyWait(mostQueued);
      bus.publish('backtest', { backtestId: row.id, workspaceId, change: 'QUEUED' });
      return row;
    },

    async cancel(context, id) {
      const principal = requireScope(context.principal, 'BACKTESTS');
      const { workspaceId } = principal;
      const by = { actor: actorOf(principal), at: clock.now() };
      const row = await store.cancel(workspaceId, id, by, context.signal);
      if (row === null) throw notFound('backtest', id, 'id');
      bus.publish('backtest', { backtestId: id, workspaceId, change: 'CANCELED' });
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

    orders(context, backtestIds, first, position) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return results.orders(workspaceId, backtestIds, first, position, context.signal);
    },

    curves(context, backtestIds) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return results.curves(workspaceId, backtestIds, context.signal);
    },

    reportPath(context, backtestId) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      return links.pathOf({ backtestId, workspaceId }, clock.now());
    },
  };
}

/** The same text for the same settings, whatever the order of their members. */
const canonicalText = (settings: BacktestSettings): string => canonicalize(settings) ?? '';

const tooManyWait = (most: number): Error =>
  apiError(
    'RATE_LIMITED',
    `${String(most)} backtests of the workspace wait already: wait until one of them has begun, or cancel one.`,
  );
