import type { FastifyInstance } from 'fastify';

import type { Clock } from '../../../core/ports/clock.ts';
import type { PerformanceRange } from '../../../schema/account/performance-service.ts';
import { badInput } from '../../../schema/errors/api-error.ts';
import type { AccountReports } from '../../account-performance/account-reports.ts';
import type { ReportLinks } from '../../auth/report-links.ts';
import { badLink, type ReportSurroundings, serveReports } from './report-documents-route.ts';

export interface AccountReportRouteOptions extends ReportSurroundings {
  readonly accountReports: AccountReports;
  readonly reportLinks: ReportLinks;
  readonly clock: Clock;
}

/** Reports of accounts on paper and live: `from` and `to` (ISO 8601) and `benchmark` as in the API. */
export function installAccountReportRoute(app: FastifyInstance, options: AccountReportRouteOptions): void {
  const { accountReports, clock, reportLinks } = options;
  serveReports(app, options, {
    path: '/accounts/:id/:document',
    missing: 'There is no such account here.',
    linked({ query }, accountId) {
      const { expires, signature, workspace } = query as Readonly<Record<string, unknown>>;
      if (typeof signature !== 'string' || typeof workspace !== 'string' || typeof expires !== 'string') {
        return null;
      }
      const link = { accountId, workspaceId: workspace, expiresAt: Number(expires), ...rangeOf(query) };
      if (!reportLinks.isGoodForAccount(link, signature, clock.now())) throw badLink();
      return workspace;
    },
    render: ({ id, request, workspaceId }, document, signal) =>
      accountReports.render({ workspaceId, accountId: id, range: rangeOf(request.query), document }, signal),
  });
}

/** Throws BAD_USER_INPUT. */
function rangeOf(query: unknown): PerformanceRange {
  const { benchmark, from, to } = query as Readonly<Record<string, unknown>>;
  return {
    from: instantOf('from', from),
    to: instantOf('to', to),
    benchmark: typeof benchmark === 'string' ? benchmark : null,
  };
}

function instantOf(name: string, value: unknown): number | null {
  if (value === undefined) return null;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) {
    throw badInput(`${name} is an instant in ISO 8601, such as 2026-01-31T14:30:00Z.`, name);
  }
  return at;
}
