import type { WebSocket, WebSocketServer } from 'ws';

import { SYMBOLS } from './book.ts';

const HEARTBEAT_MS = 50;

/** The clients of the stream: let in by their token, told of orders, executions and the symbols they ask for. */
export class StreamSessions {
  /** A further connection is refused. */
  isLimited = false;
  private readonly server: WebSocketServer;
  private readonly token: string;
  private readonly symbolsOf = new Map<WebSocket, ReadonlySet<string>>();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(server: WebSocketServer, token: string) {
    this.server = server;
    this.token = token;
    this.heartbeat = setInterval(() => {
      this.send({ type: 'heartbeat' });
    }, HEARTBEAT_MS);
    server.on('connection', (socket) => {
      // A client that breaks off is no failure of ours.
      socket.on('error', () => undefined);
      socket.on('close', () => this.symbolsOf.delete(socket));
      socket.on('message', (data) => {
        this.hear(socket, JSON.parse((data as Buffer).toString('utf8')) as Readonly<Record<string, unknown>>);
      });
    });
  }

  /** To all that were let in. */
  send(message: object): void {
    for (const socket of this.symbolsOf.keys()) socket.send(JSON.stringify(message));
  }

  quote(symbol: string, message: object): void {
    for (const [socket, symbols] of this.symbolsOf) {
      if (symbols.has(symbol)) socket.send(JSON.stringify(message));
    }
  }

  close(): void {
    clearInterval(this.heartbeat);
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }

  private hear(socket: WebSocket, message: Readonly<Record<string, unknown>>): void {
    if (message['type'] === 'auth') {
      const code =
        message['token'] === this.token ? (this.isLimited ? 'too-many-connections' : null) : 'unauthorized';
      if (code === null) this.symbolsOf.set(socket, new Set());
      socket.send(JSON.stringify(code === null ? { type: 'ready' } : { type: 'refused', code }));
      if (code !== null) socket.close();
    }
    if (message['type'] !== 'subscribe') return;
    const wanted = message['symbols'] as readonly string[];
    this.symbolsOf.set(socket, new Set(wanted.filter((symbol) => SYMBOLS.includes(symbol))));
    for (const symbol of wanted.filter((each) => !SYMBOLS.includes(each))) {
      socket.send(JSON.stringify({ type: 'symbol-refused', symbol }));
    }
  }
}
