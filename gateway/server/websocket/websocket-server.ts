import { type IncomingMessage, type Server as HttpServer, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { handleProtocols, type Server as ProtocolServer } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer as WsServer } from 'ws';

import type { Bus } from '../../../core/ports/bus.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import { GRAPHQL_PATH } from '../http/graphql-route.ts';
import { errorBody } from '../http/http-errors.ts';
import type { ServerLimits } from '../server-limits.ts';
import { createSocketCounter, isAllowedOrigin } from './admission.ts';
import { createSocketOutlet } from './socket-outlet.ts';
import { createSocketSession, type SocketSession } from './socket-session.ts';
import { createWriteBatch } from './write-batch.ts';

const CLOSE_GOING_AWAY = 1001;
const CLOSE_BAD_REQUEST = 4400;
const CLOSE_INTERNAL = 4500;
const CLOSE_WAIT_MS = 2_000;

export interface WebSocketServerOptions {
  readonly http: HttpServer;
  readonly protocol: ProtocolServer<SocketSession>;
  readonly authenticator: Pick<Authenticator, 'authenticate' | 'peek'>;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits: ServerLimits;
  readonly allowedOrigins: readonly string[];
  readonly addressOf: (request: IncomingMessage) => string;
}

export interface WebSocketServer {
  /** No new sockets; those that are open are closed with 1001. */
  close(): Promise<void>;
}

/** GraphQL over WebSocket on the HTTP server's port. */
export function createWebSocketServer(options: WebSocketServerOptions): WebSocketServer {
  const { http, protocol, telemetry, limits } = options;
  const addresses = createSocketCounter(limits.socketsPerAddress, limits.sockets);
  const principals = createSocketCounter(limits.socketsPerPrincipal, Number.POSITIVE_INFINITY);
  const sessions = new Set<SocketSession>();
  const batch = createWriteBatch();
  let closing = false;
  const server = new WsServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => handleProtocols(offered),
  });
  const unsubscribe = options.bus.subscribe('revocation', ({ subject }) => {
    for (const session of sessions) session.revoked(subject);
  });

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const address = options.addressOf(request);
    const refusal = refusalOf(request);
    const release = refusal === null ? addresses.admit(address) : null;
    if (refusal !== null || release === null) {
      const [status, cause] = refusal ?? ([429, 'too many sockets'] as const);
      telemetry.count('ws_sockets_refused_total', { cause });
      refuse(socket, status, cause);
      return;
    }
    socket.once('close', release);
    server.handleUpgrade(request, socket, head, (opened) => {
      serve(opened, socket, request, address);
    });
  }

  function refusalOf(request: IncomingMessage): readonly [status: number, cause: string] | null {
    if (closing) return [503, 'shutting down'];
    if (request.url?.split('?')[0] !== GRAPHQL_PATH) return [404, 'unknown path'];
    const { origin, host } = request.headers;
    return isAllowedOrigin(origin, host, options.allowedOrigins) ? null : [403, 'origin'];
  }

  function serve(
    socket: WebSocket,
    transport: Duplex,
    request: IncomingMessage,
    remoteAddress: string,
  ): void {
    const outlet = createSocketOutlet(socket, {
      transport,
      batch,
      highWaterBytes: limits.socketHighWaterBytes,
      hardCapBytes: limits.socketHardCapBytes,
      stallMs: limits.socketStallMs,
    });
    const session = createSocketSession({
      ...options,
      outlet,
      headers: request.headers,
      remoteAddress,
      principals,
    });
    sessions.add(session);
    telemetry.gauge('ws_sockets', sessions.size);
    const stopPinging = keepAlive(socket, limits.pingIntervalMs);
    let deliver = (_text: string): Promise<void> => Promise.resolve();
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => outlet.sendAndFlush(text),
        close: (code, reason) => {
          outlet.close(code ?? CLOSE_INTERNAL, reason ?? '');
        },
        onMessage(callback) {
          deliver = callback;
        },
      },
      session,
    );
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) {
        outlet.close(CLOSE_BAD_REQUEST, 'Invalid message received');
        return;
      }
      deliver(textOf(data)).catch((error: unknown) => {
        telemetry.log('error', 'a WebSocket message could not be worked on', { error });
        outlet.close(CLOSE_INTERNAL, 'Internal server error');
      });
    });
    // A message that is too large or no WebSocket frame: the library closes with the code for it.
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => {
      stopPinging();
      sessions.delete(session);
      session.close();
      telemetry.gauge('ws_sockets', sessions.size);
      telemetry.count('ws_sockets_closed_total', { code: nameOfCode(code) });
      closed(code, reason.toString()).catch((error: unknown) => {
        telemetry.log('error', 'a WebSocket could not be closed', { error });
      });
    });
  }

  http.on('upgrade', onUpgrade);

  return {
    async close() {
      closing = true;
      unsubscribe();
      const gone = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of server.clients) socket.close(CLOSE_GOING_AWAY, 'Going away');
      const cut = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, CLOSE_WAIT_MS);
      await gone;
      clearTimeout(cut);
    },
  };
}

/** A peer that has not answered a ping by the next one is gone, whatever TCP says. */
function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, intervalMs);
  return () => {
    clearInterval(timer);
  };
}

function refuse(socket: Duplex, status: number, cause: string): void {
  const body = JSON.stringify(errorBody('REFUSED', `The WebSocket is refused: ${cause}.`));
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
  );
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8');
}

/** Close codes are the peer's to choose: a bounded set of them is counted by name. */
function nameOfCode(code: number): string {
  return (code >= 1_000 && code <= 1_015) || (code >= 4_400 && code <= 4_500) ? String(code) : 'other';
}
