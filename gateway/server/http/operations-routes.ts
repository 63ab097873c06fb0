import type { FastifyInstance } from 'fastify';

import { refuseOtherMethods } from './http-errors.ts';

export interface Readiness {
  readonly ready: boolean;
  /** Why not, for operators; nothing secret. */
  readonly reasons: readonly string[];
}

export interface OperationsRoutesOptions {
  readonly readiness: () => Readiness | Promise<Readiness>;
  readonly metrics: { readonly contentType: string; metrics(): Promise<string> };
  /** Public keys of access tokens; left out where none are made. */
  readonly jwks?: () => object;
  /** True from the beginning of the shutdown: not ready any more. */
  readonly isDraining: () => boolean;
}

const JWKS_PATH = '/.well-known/jwks.json';

/** What orchestrators, Prometheus and verifiers of tokens ask. */
export function installOperationsRoutes(app: FastifyInstance, options: OperationsRoutesOptions): void {
  // Says that the process answers, and asks nothing else: a broken database is no reason to kill it.
  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const { ready, reasons } = options.isDraining()
      ? { ready: false, reasons: ['shutting down'] }
      : await options.readiness();
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not ready', reasons });
  });

  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(options.metrics.contentType)
      .send(await options.metrics.metrics()),
  );

  const paths = ['/healthz', '/readyz', '/metrics'];
  const { jwks } = options;
  if (jwks !== undefined) {
    paths.push(JWKS_PATH);
    app.get(JWKS_PATH, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(jwks()),
    );
  }
  for (const path of paths) refuseOtherMethods(app, path, ['GET', 'HEAD']);
}
