import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocketServer } from 'ws';

import type { CommandsResponse, ErrorResponse } from '../protocol.ts';
import type { OrderGate } from './order-gate.ts';
import { parseJson, readBody } from './request-body.ts';
import { checkCommands } from './request-schemas.ts';
import { findRoute, type Route } from './router.ts';
import type { StreamHub } from './stream-hub.ts';
import { VenueError } from './venue-error.ts';

const MAX_FRAME_BYTES = 1024 * 1024;
const CLOSE_DEADLINE_MS = 300;

export interface HttpServerOptions {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** Asked for as a bearer token where it is set. */
  readonly token: string | undefined;
  readonly routes: readonly Route[];
  readonly gate: OrderGate;
  readonly hub: StreamHub;
}

/** The venue's door: HTTP requests, and the stream at /stream. */
export class VenueHttpServer {
  private readonly options: HttpServerOptions;
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  private readonly closing = new AbortController();

  constructor(options: HttpServerOptions) {
    this.options = options;
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.answer(request, response);
    });
    this.server.on('upgrade', (request, socket, head) => {
      if (pathOf(request).pathname !== '/stream' || !this.isAllowed(request)) {
        const status = this.isAllowed(request) ? '404 Not Found' : '401 Unauthorized';
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.options.hub.join(webSocket);
      });
    });
  }

  /** Starts listening and returns the port. */
  async listen(): Promise<number> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (cause) => {
        reject(
          new VenueError(500, 'LISTEN_FAILED', `cannot listen on ${host}:${port}: ${cause.message}`, {
            cause,
          }),
        );
      });
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more, lets what is being answered go out for a moment, then cuts what is left. */
  async close(): Promise<void> {
    this.closing.abort();
    this.sockets.close();
    const deadline = setTimeout(() => {
      for (const socket of this.sockets.clients) socket.terminate();
      this.server.closeAllConnections();
    }, CLOSE_DEADLINE_MS);
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeIdleConnections();
    });
    clearTimeout(deadline);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.isAllowed(request)) {
        throw new VenueError(401, 'UNAUTHENTICATED', 'give the bearer token of the venue');
      }
      const text = request.method === 'GET' ? '' : await readBody(request);
      const { pathname, searchParams } = pathOf(request);
      if (request.method === 'POST' && pathname === '/commands') await this.orders(text, response);
      else {
        const { route, params } = findRoute(this.options.routes, request.method ?? '', pathname);
        const param = (name: string): string => params.get(name) ?? '';
        send(response, 200, await route.handle({ param, query: searchParams, body: () => parseJson(text) }));
      }
    } catch (error) {
      sendError(response, error);
    }
  }

  private async orders(text: string, response: ServerResponse): Promise<void> {
    const { commands } = checkCommands(parseJson(text));
    const answer = await this.options.gate.execute(commands, this.closing.signal);
    switch (answer.kind) {
      case 'outcomes':
        send(response, 200, { outcomes: answer.outcomes } satisfies CommandsResponse);
        break;
      case 'garbage':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"outcomes":[{"ki');
        break;
      case 'cut':
        response.destroy();
        break;
      case 'hang':
        break;
    }
  }

  private isAllowed(request: IncomingMessage): boolean {
    const { token } = this.options;
    if (token === undefined) return true;
    const given = createHash('sha256')
      .update(request.headers.authorization ?? '')
      .digest();
    return timingSafeEqual(given, createHash('sha256').update(`Bearer ${token}`).digest());
  }
}

const pathOf = (request: IncomingMessage): URL => {
  try {
    return new URL(request.url ?? '/', 'http://venue');
  } catch {
    return new URL('http://venue/');
  }
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  if (response.destroyed || response.headersSent) return;
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
};

const sendError = (response: ServerResponse, error: unknown): void => {
  const isKnown = error instanceof VenueError;
  const body: ErrorResponse = {
    code: isKnown ? error.code : 'INTERNAL',
    message: isKnown ? error.message : 'the venue has a fault',
  };
  send(response, isKnown ? error.status : 500, body);
};
