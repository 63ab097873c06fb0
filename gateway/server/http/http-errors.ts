import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Telemetry } from '../../../core/ports/telemetry.ts';

/** The form of every answer that is no result, the same as that of a GraphQL error. */
export interface ErrorBody {
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export function errorBody(
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): ErrorBody {
  return { errors: [{ message, extensions: { code, ...details } }] };
}

const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  431: 'HEADERS_TOO_LARGE',
  503: 'UNAVAILABLE',
};

/** Faults of requests as JSON; those of the gateway as a correlation id, with the rest in the log. */
export function installErrorHandlers(app: FastifyInstance, telemetry: Pick<Telemetry, 'log'>): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500;
    const code = CODES[status];
    if (code !== undefined && status !== 500) {
      return reply
        .code(status)
        .type('application/json; charset=utf-8')
        .send(errorBody(code, describe(status, error)));
    }
    telemetry.log('error', 'a request failed by a fault of the gateway', {
      error,
      correlationId: request.id,
    });
    return reply
      .code(500)
      .type('application/json; charset=utf-8')
      .send(errorBody('INTERNAL', 'The gateway failed at this.', { correlationId: request.id }));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing at this path.')),
  );
}

function describe(status: number, error: FastifyError): string {
  switch (status) {
    case 413:
      return 'The body is too large.';
    case 415:
      return 'The body must be JSON: send the header content-type: application/json.';
    case 503:
      return 'The gateway is shutting down.';
    default:
      // The framework's words about JSON that does not parse may quote the body.
      return error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY'
        ? 'The body is empty.'
        : 'The request cannot be understood: its body must be well-formed JSON.';
  }
}

/** 405 for every other method on a path that exists. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
    (method) => !allowed.includes(method),
  );
  app.route({
    method: methods,
    url,
    // Refused before the body is looked at: whatever it is, the method is what is wrong.
    onRequest: (_request, reply, done) => {
      void reply
        .code(405)
        .header('allow', allowed.join(', '))
        .send(errorBody('METHOD_NOT_ALLOWED', `Only ${allowed.join(' and ')} is answered here.`));
      done();
    },
    handler: () => undefined,
  });
}
