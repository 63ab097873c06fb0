import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import { WebSocketServer } from 'ws';

import { Book, type OrderForm, Refusal, SYMBOLS } from './book.ts';
import { StreamSessions } from './stream-sessions.ts';

export const TOKEN = 'acme-token-of-the-tests';
const PAGE = 4;
const RETRY_AFTER_SECONDS = 1;

export interface RequestLine {
  readonly kind: 'submit' | 'replace' | 'cancel';
  readonly clientId: string | null;
}

const KINDS: Readonly<Record<string, RequestLine['kind']>> = {
  POST: 'submit',
  PUT: 'replace',
  DELETE: 'cancel',
};

/** A stand-in for Acme on a port of its own: its HTTP API, its stream, and what makes it misbehave. */
export class FakeAcme {
  readonly book: Book;
  readonly requests: RequestLine[] = [];
  readonly streams: StreamSessions;
  /** The code with which the next submit is refused. */
  refusal: string | null = null;
  isLimited = false;
  repeatsPages = false;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.streams = new StreamSessions(
      new WebSocketServer({ server: this.server, path: '/v1/stream' }),
      TOKEN,
    );
    this.book = new Book((message) => {
      this.streams.send(message);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.streams.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  static readonly retryAfterMs = RETRY_AFTER_SECONDS * 1_000;

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    };
    try {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        throw new Refusal(401, 'unauthorized', 'the token is wrong');
      }
      const text = await textOf(request);
      answer(200, this.answer(request.method ?? '', new URL(request.url ?? '', 'http://acme'), text));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        answer(500, { code: 'internal', message: String(error) });
        return;
      }
      const { code, message, status } = error;
      answer(status, { code, message }, status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {});
    }
  }

  private answer(method: string, { pathname, searchParams }: URL, text: string): unknown {
    const clientId = decodeURIComponent(/^\/v1\/orders\/(.+)$/.exec(pathname)?.[1] ?? '');
    const kind = KINDS[method];
    if (kind === undefined) return this.read(pathname, clientId, searchParams);
    const form = text === '' ? null : (JSON.parse(text) as OrderForm);
    this.requests.push({ kind, clientId: form?.clientId ?? clientId });
    if (kind === 'cancel') return this.book.cancel(clientId);
    if (form === null) throw new Refusal(400, 'invalid-order', 'there is no order in the request');
    if (this.isLimited) throw new Refusal(429, 'too-many-requests', 'slow down');
    const { refusal } = this;
    this.refusal = null;
    if (refusal !== null) throw new Refusal(403, refusal, 'refused');
    return kind === 'submit' ? this.book.submit(form) : this.book.replace(clientId, form);
  }

  private read(path: string, clientId: string, query: URLSearchParams): unknown {
    const { book } = this;
    if (clientId !== '') {
      const order = book.find(clientId);
      if (order === undefined) throw new Refusal(404, 'order-not-found', `there is no order ${clientId}`);
      return order;
    }
    switch (path) {
      case '/v1/account':
        return { currency: 'USD' };
      case '/v1/orders':
        return book.live;
      case '/v1/executions': {
        const after = this.repeatsPages ? 0 : Number(query.get('after'));
        const rest = book.executions.filter(({ seq }) => seq > after);
        return { executions: rest.slice(0, PAGE), more: this.repeatsPages || rest.length > PAGE };
      }
      case '/v1/positions':
        return [...book.holdings.positions].map(([symbol, quantity]) => ({
          symbol,
          quantity: formatDecimal(quantity),
        }));
      case '/v1/balances':
        return [{ currency: 'USD', total: formatDecimal(book.holdings.cash) }];
      case '/v1/instruments':
        return SYMBOLS.map(instrument);
      case '/v1/bars':
        return [];
      case '/v1/clock':
        return { time: book.time() };
      default:
        throw new Refusal(404, 'not-found', `there is nothing at ${path}`);
    }
  }
}

const instrument = (symbol: string) => ({
  ...{ symbol, name: null, assetClass: 'EQUITY', currency: 'USD', tickSize: '0.000000001' },
  ...{ lotSize: '0.000000001', multiplier: '1', minQuantity: null, maxQuantity: null, shortable: true },
  ...{ fractionable: true, exchange: null, calendar: 'ALWAYS' },
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
