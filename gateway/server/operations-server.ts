import { fastify } from 'fastify';

import type { Telemetry } from '../../core/ports/telemetry.ts';
import { installErrorHandlers } from './http/http-errors.ts';
import { installOperationsRoutes, type OperationsRoutesOptions } from './http/operations-routes.ts';
import { securityHeaders } from './http/security-headers.ts';

export interface OperationsServerOptions extends Pick<OperationsRoutesOptions, 'metrics' | 'readiness'> {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly telemetry: Telemetry;
}

export interface OperationsServer {
  /** http://host:port as bound. */
  readonly address: string;
  /** Not ready from now on, though still answering. */
  drain(): void;
  close(): Promise<void>;
}

/** Health and metrics of a process that serves nothing else. */
export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const { host, metrics, port, readiness, telemetry } = options;
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_024, requestTimeout: 10_000 });
  installErrorHandlers(app, telemetry);
  const headers = securityHeaders();
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  let isDraining = false;
  installOperationsRoutes(app, { metrics, readiness, isDraining: () => isDraining });
  const address = await app.listen({ host, port });
  return {
    address,
    drain() {
      isDraining = true;
    },
    async close() {
      isDraining = true;
      await app.close();
    },
  };
}
