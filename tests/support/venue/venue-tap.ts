import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocket, WebSocketServer } from 'ws';

interface Command {
  readonly kind: 'submit' | 'replace' | 'cancel';
  readonly venueOrderId: string | null;
}

/** Fills in a page, where there is nothing but fills. */
const PAGE = 10;

/** Stands in front of a simulated venue: writes down the commands that pass, and can say what the venue would not. */
export class VenueTap {
  readonly commands: Command[] = [];
  repeatsPages = false;
  private readonly venue: string;
  private readonly token: string;
  private readonly server: Server;
  private readonly streams: WebSocketServer;

  constructor(venue: string, token: string) {
    this.venue = venue;
    this.token = token;
    this.server = createServer((request, response) => void this.serve(request, response));
    this.streams = new WebSocketServer({ noServer: true });
    this.server.on('upgrade', (request, socket, head) => {
      const isLetIn = request.headers.authorization === `Bearer ${token}`;
      if (!isLetIn) socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      else this.streams.handleUpgrade(request, socket, head, (client) => this.join(client));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  say(message: object): void {
    for (const client of this.streams.clients) client.send(JSON.stringify(message));
  }

  async close(): Promise<void> {
    for (const client of this.streams.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: WebSocket): void {
    const headers = { authorization: `Bearer ${this.token}` };
    const venue = new WebSocket(`${this.venue.replace(/^http/, 'ws')}/stream`, { headers });
    const early: string[] = [];
    const up = (text: string): void => {
      if (venue.readyState === WebSocket.OPEN) venue.send(text);
      else early.push(text);
    };
    venue.on('open', () => {
      for (const text of early) venue.send(text);
    });
    client.on('message', (data) => {
      up((data as Buffer).toString('utf8'));
    });
    venue.on('message', (data) => {
      client.send((data as Buffer).toString('utf8'));
    });
    for (const [one, other] of [
      [client, venue],
      [venue, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        other.terminate();
      });
    }
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { authorization = '' } = request.headers;
    const path = request.url ?? '';
    if (path === '/commands') this.commands.push(...(JSON.parse(body) as { commands: Command[] }).commands);
    const repeated = this.repeatsPages ? path.replace(/after=\d+/, 'after=0') : path;
    const answer = await fetch(`${this.venue}${repeated}`, {
      method: request.method ?? 'GET',
      headers: { authorization },
      ...(body === '' ? {} : { body }),
    });
    const text = await answer.text();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(path.includes('/fills?') ? this.page(text) : text);
  }

  private page(text: string): string {
    const { cursor, events, isLast } = JSON.parse(text) as {
      events: { kind: string; cursor: string }[];
      cursor: number;
      isLast: boolean;
    };
    const isCut = events.length > PAGE && events.every(({ kind }) => kind === 'filled');
    if (!isCut) return JSON.stringify({ events, cursor, isLast: isLast && !this.repeatsPages });
    const first = events.slice(0, PAGE);
    return JSON.stringify({ events: first, cursor: Number(first.at(-1)?.cursor), isLast: false });
  }
}
