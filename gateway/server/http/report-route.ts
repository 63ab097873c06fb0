import type { FastifyInstance } from 'fastify';

import type { Clock } from '../../../core/ports/clock.ts';
import type { ReportLinks } from '../../auth/report-links.ts';
import type { BacktestReports } from '../../backtests/jobs/backtest-reports.ts';
import { badLink, type ReportSurroundings, serveReports } from './report-documents-route.ts';

export interface ReportRouteOptions extends ReportSurroundings {
  readonly reports: BacktestReports;
  readonly reportLinks: ReportLinks;
  readonly clock: Clock;
}

/** Reports of backtests. */
export function installReportRoute(app: FastifyInstance, options: ReportRouteOptions): void {
  const { clock, reportLinks, reports } = options;
  serveReports(app, options, {
    path: '/backtests/:id/:document',
    missing: 'There is no such backtest here, or no result of it.',
    linked({ query }, backtestId) {
      const { expires, signature, workspace } = query as Readonly<Record<string, unknown>>;
      if (typeof signature !== 'string' || typeof workspace !== 'string' || typeof expires !== 'string') {
        return null;
      }
      const link = { backtestId, workspaceId: workspace, expiresAt: Number(expires) };
      if (!reportLinks.isGood(link, signature, clock.now())) throw badLink();
      return workspace;
    },
    render: ({ id, workspaceId }, document, signal) =>
      reports.render({ workspaceId, backtestId: id, document }, signal),
  });
}
