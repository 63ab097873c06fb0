import type {
  ApprovedOrder,
  AttachRequest,
  Broker,
  BrokerCapabilities,
  BrokerOutcome,
  BrokerSink,
  CancelRequest,
  Logger,
  ReplaceRequest,
  VenueBalance,
  VenueOrder,
  VenuePosition,
} from '@omniquant/plugin-sdk';

import { type Answer, type Http, NoAnswerError } from './http.ts';
import { createMarketData, toQuote } from './market-data.ts';
import type { Stream } from './stream.ts';
import {
  rejectionOf,
  toEvent,
  toFill,
  toVenueOrder,
  toWire,
  type WireExecution,
  type WireOrder,
} from './wire.ts';

export interface AcmeParts {
  readonly http: Http;
  readonly stream: Stream;
  readonly sink: BrokerSink;
  readonly log: Logger;
  readonly now: () => number;
}

type Fills = Awaited<ReturnType<Broker['fillsSince']>>;

interface Page {
  readonly executions: readonly WireExecution[];
  readonly more: boolean;
}

const notSent = (reason: string): BrokerOutcome => ({ kind: 'notSent', reason });

/** A connection to Acme. A token has one account: its name at the gateway is the one that was attached. */
export class AcmeBroker implements Broker {
  readonly capabilities: BrokerCapabilities;
  readonly marketData;
  private readonly parts: AcmeParts;
  private account: string | null = null;
  /** Acme takes no orders before; epoch ms. */
  private limitedUntil = 0;
  private isClosed = false;

  constructor(parts: AcmeParts, capabilities: BrokerCapabilities) {
    this.parts = parts;
    this.capabilities = capabilities;
    this.marketData = createMarketData((path, signal) => this.read(path, signal), parts.stream);
  }

  async attach({ account }: AttachRequest, signal: AbortSignal): Promise<void> {
    await this.read('/v1/account', signal);
    this.account = account;
  }

  detach(account: string): void {
    if (this.account === account) this.account = null;
  }

  submit(order: ApprovedOrder, signal: AbortSignal): Promise<BrokerOutcome> {
    return this.order('POST', '/v1/orders', order, signal);
  }

  replace({ order, previousVenueOrderId }: ReplaceRequest, signal: AbortSignal): Promise<BrokerOutcome> {
    return this.order('PUT', `/v1/orders/${encodeURIComponent(previousVenueOrderId)}`, order, signal);
  }

  /** Also while the stream is down, and while orders are limited: a cancel always passes. */
  cancel({ venueOrderId }: CancelRequest, signal: AbortSignal): Promise<BrokerOutcome> {
    return this.ask('DELETE', `/v1/orders/${encodeURIComponent(venueOrderId)}`, undefined, signal);
  }

  async lookup(account: string, venueOrderId: string, signal: AbortSignal): Promise<VenueOrder | null> {
    const path = `/v1/orders/${encodeURIComponent(venueOrderId)}`;
    const answer = await this.parts.http('GET', path, signal);
    if (answer.status === 404 && codeOf(answer) === 'order-not-found') return null;
    return toVenueOrder(account, bodyOf(answer, path) as WireOrder);
  }

  async openOrders(account: string, signal: AbortSignal): Promise<readonly VenueOrder[]> {
    const orders = await this.read<readonly WireOrder[]>('/v1/orders', signal);
    return orders.map((order) => toVenueOrder(account, order));
  }

  async fillsSince(account: string, cursor: string | null, signal: AbortSignal): Promise<Fills> {
    const found: WireExecution[] = [];
    let after = Number(cursor ?? '0');
    for (;;) {
      const path = `/v1/executions?after=${String(after)}`;
      const { executions, more } = await this.read<Page>(path, signal);
      const last = executions.at(-1)?.seq ?? after;
      if (executions.some(({ seq }) => seq <= after)) {
        throw new Error('Acme repeats a page of its executions');
      }
      found.push(...executions);
      after = last;
      if (!more) return { events: found.map((each) => toFill(account, each)), cursor: String(after) };
    }
  }

  positions(_account: string, signal: AbortSignal): Promise<readonly VenuePosition[]> {
    return this.read('/v1/positions', signal);
  }

  balances(_account: string, signal: AbortSignal): Promise<readonly VenueBalance[]> {
    return this.read('/v1/balances', signal);
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.parts.stream.close();
    return Promise.resolve();
  }

  /** What the stream says. Never throws: one message that is not understood must not stop the others. */
  hear(message: Readonly<Record<string, unknown>>): void {
    const { log } = this.parts;
    try {
      if (!this.tell(message)) log.warn('a message of Acme is not known', { type: String(message['type']) });
    } catch (error) {
      log.warn('a message of Acme is not understood', {
        type: String(message['type']),
        error: String(error),
      });
    }
  }

  private tell(message: Readonly<Record<string, unknown>>): boolean {
    const { sink } = this.parts;
    const { account } = this;
    if (message['type'] === 'quote') {
      sink.quote(toQuote(message));
      return true;
    }
    if (account === null) return true;
    if (message['type'] === 'order') {
      const event = toEvent(account, message['order'] as WireOrder);
      if (event === undefined) return false;
      if (event !== null) sink.event(event);
      return true;
    }
    if (message['type'] !== 'execution') return false;
    sink.event(toFill(account, message['execution'] as WireExecution));
    return true;
  }

  private order(
    method: string,
    path: string,
    order: ApprovedOrder,
    signal: AbortSignal,
  ): Promise<BrokerOutcome> {
    const { now, stream } = this.parts;
    if (!stream.isReady) return Promise.resolve(notSent('the stream is not ready'));
    if (now() < this.limitedUntil) return Promise.resolve(notSent('Acme takes no orders for a while'));
    const wire = toWire(order.venueOrderId, order);
    if (wire === null) return Promise.resolve(notSent('Acme does not know orders with these terms'));
    return this.ask(method, path, wire, signal);
  }

  private async ask(
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<BrokerOutcome> {
    if (this.isClosed) return notSent('the connection is closed');
    try {
      return this.outcomeOf(await this.parts.http(method, path, signal, body));
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'no answer';
      const isSent = !(error instanceof NoAnswerError) || error.isSent;
      return isSent ? { kind: 'unknown', reason } : notSent(reason);
    }
  }

  /** Only what Acme says in its own words counts: all else may have come from anywhere between. */
  private outcomeOf(answer: Answer): BrokerOutcome {
    const { retryAfter, status } = answer;
    if (status === 429) this.limitedUntil = this.parts.now() + (retryAfter ?? 1) * 1_000;
    const { id, message, time } = (answer.body ?? {}) as Readonly<Record<string, unknown>>;
    if (status < 300 && typeof id === 'string' && typeof time === 'string') {
      return { kind: 'accepted', brokerOrderId: id, at: Date.parse(time) };
    }
    const code = codeOf(answer);
    if (status < 400 || status >= 500 || code === null) {
      return { kind: 'unknown', reason: `the answer ${String(status)} says nothing about the order` };
    }
    const text = `${code}: ${typeof message === 'string' ? message : ''}`;
    return { kind: 'rejected', code: rejectionOf(code), message: text, at: this.parts.now() };
  }

  private async read<T>(path: string, signal: AbortSignal): Promise<T> {
    return bodyOf(await this.parts.http('GET', path, signal), path) as T;
  }
}

function codeOf({ body }: Answer): string | null {
  const code = (body as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : null;
}

function bodyOf({ body, status }: Answer, path: string): unknown {
  if (status === 200 && body !== undefined) return body;
  throw new Error(`Acme answered ${String(status)} to ${path}`);
}
