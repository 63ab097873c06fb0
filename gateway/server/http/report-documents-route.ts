import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';

import { IdentityError } from '../../../core/identity/identity-error.ts';
import { hasScope } from '../../../core/identity/principal.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import { REPORT_NAMES } from '../../backtests/jobs/backtest-reports.ts';
import type { RenderedReport, ReportDocument } from '../../backtests/jobs/report-task.ts';
import { DatabaseError } from '../../database/database-error.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import { credentialsOf } from './graphql-route.ts';
import { errorBody, refuseOtherMethods } from './http-errors.ts';

export interface ReportSurroundings {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly telemetry: Pick<Telemetry, 'log'>;
}

/** Reports of one kind of thing. */
export interface ReportKind {
  /** With `:id` and `:document` in it. */
  readonly path: string;
  /** Said where there is none. */
  readonly missing: string;
  /** The workspace that a link of the request opens; null for a request without a link. Throws {@link badLink}. */
  linked(request: FastifyRequest, id: string): string | null;
  /** Null where there is none in the workspace. Throws BAD_USER_INPUT for parameters that cannot be. */
  render(
    asked: { readonly request: FastifyRequest; readonly workspaceId: string; readonly id: string },
    document: ReportDocument,
    signal: AbortSignal,
  ): Promise<RenderedReport | null>;
}

const TIMEOUT_MS = 30_000;

/** An answer that is no document. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const badLink = (): Error =>
  new Refusal(403, 'FORBIDDEN', 'This link is no good any more: ask the API for reportPath again.');

/** For whoever has a link that is good, or sends the credentials of the API. */
export function serveReports(app: FastifyInstance, surroundings: ReportSurroundings, kind: ReportKind): void {
  app.get(kind.path, async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      gone.abort(new Error('nobody waits for the report'));
    });
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      return await answer(request, reply, surroundings, kind, signal);
    } catch (error) {
      const { code, message, status } = refusalOf(error);
      if (status === 503) surroundings.telemetry.log('warn', 'a report could not be made', { error });
      return reply.code(status).send(errorBody(code, message));
    }
  });
  refuseOtherMethods(app, kind.path, ['GET', 'HEAD']);
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  surroundings: ReportSurroundings,
  kind: ReportKind,
  signal: AbortSignal,
): Promise<string> {
  const { document: name = '', id = '' } = request.params as Readonly<Record<string, string>>;
  const document = REPORT_NAMES.find((each) => each === name);
  if (document === undefined) throw new Refusal(404, 'NOT_FOUND', `There are ${REPORT_NAMES.join(', ')}.`);
  const workspaceId = kind.linked(request, id) ?? (await workspaceOf(request, surroundings, signal));
  const report = await kind.render({ request, workspaceId, id }, document, signal);
  if (report === null) throw new Refusal(404, 'NOT_FOUND', kind.missing);
  reply.header('cache-control', 'private, no-store').type(report.mediaType);
  if (report.policy !== null) reply.header('content-security-policy', report.policy);
  else reply.header('content-disposition', `attachment; filename="${document}"`);
  return report.text;
}

/** Of who asks. Throws Refusal and IdentityError. */
async function workspaceOf(
  { headers }: FastifyRequest,
  { authenticator }: ReportSurroundings,
  signal: AbortSignal,
): Promise<string> {
  const principal = await authenticator.authenticate(credentialsOf(headers), signal);
  if (principal === null) throw new Refusal(401, 'UNAUTHENTICATED', 'Open reportPath as the API gives it.');
  if (hasScope(principal, 'READ')) return principal.workspaceId;
  throw new Refusal(403, 'FORBIDDEN', 'This needs the scope READ.');
}

/** Throws what is a fault of the gateway. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof IdentityError && error.code === 'UNAUTHENTICATED') {
    return new Refusal(401, 'UNAUTHENTICATED', error.message);
  }
  if (error instanceof GraphQLError && error.extensions.code === 'BAD_USER_INPUT') {
    return new Refusal(400, 'BAD_USER_INPUT', error.message);
  }
  const isBusy = error instanceof JobError && error.code !== 'JOB_FAILED';
  const isAway = error instanceof UnavailableError || error instanceof DatabaseError;
  if (isBusy || isAway || error instanceof IdentityError) {
    return new Refusal(503, 'UNAVAILABLE', 'The report cannot be made now: ask again later.');
  }
  throw error;
}
