import type { BrokerSink, BrokerStatus, Logger, VenueTrade } from '@omniquant/plugin-sdk';
import { WebSocket } from 'ws';

import { HEARTBEAT_MS, type StreamMessage, type StreamRequest } from '../protocol.ts';

const HANDSHAKE_MS = 5_000;
/** A stream that is silent for longer is taken for half-open. */
const SILENCE_MS = 3.5 * HEARTBEAT_MS;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

interface Attachment {
  /** Number of the last message that was delivered; null until the venue has said where it stands. */
  seq: number | null;
  isAttached: boolean;
  readonly waiting: Set<(error: Error | null) => void>;
}

export interface StreamClientOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly log: Logger;
  readonly sink: BrokerSink;
}

/**
 * The venue's stream, kept alive: a connection that ends or falls silent is made again, with growing
 * and scattered pauses, and goes on behind the last message. READY is after the venue has let us in
 * and acknowledged every account; until then it is CONNECTING. A refused token is FAILED, for good.
 */
export class StreamClient {
  private readonly options: StreamClientOptions;
  private readonly accounts = new Map<string, Attachment>();
  private readonly symbols = new Set<string>();
  private socket: WebSocket | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private readonly watchdog: NodeJS.Timeout;
  private heardAt = 0;
  private failures = 0;
  private state: BrokerStatus['state'] = 'CONNECTING';
  private isGreeted = false;
  private isClosed = false;
  /** Market time as the venue last told it. */
  marketTime = 0;

  constructor(options: StreamClientOptions) {
    this.options = options;
    this.watchdog = setInterval(() => {
      this.checkSilence();
    }, HEARTBEAT_MS / 2);
    this.connect();
  }

  get isReady(): boolean {
    return this.state === 'READY';
  }

  /** Joins an account's stream and waits for the venue's acknowledgement. */
  attach(account: string, signal: AbortSignal): Promise<void> {
    let attachment = this.accounts.get(account);
    if (attachment?.isAttached === true) return Promise.resolve();
    if (attachment === undefined) {
      attachment = { seq: null, isAttached: false, waiting: new Set() };
      this.accounts.set(account, attachment);
      if (this.isGreeted) this.request({ op: 'attach', account, after: null });
    }
    const { waiting } = attachment;
    return new Promise((resolve, reject) => {
      const done = (error: Error | null): void => {
        waiting.delete(done);
        signal.removeEventListener('abort', abort);
        if (error === null) resolve();
        else reject(error);
      };
      const abort = (): void => {
        done(new Error(`the venue did not acknowledge account ${account} in time`, { cause: signal.reason }));
      };
      if (signal.aborted) abort();
      else {
        waiting.add(done);
        signal.addEventListener('abort', abort, { once: true });
      }
    });
  }

  detach(account: string): void {
    const attachment = this.accounts.get(account);
    if (attachment === undefined) return;
    this.accounts.delete(account);
    for (const done of attachment.waiting) done(new Error(`account ${account} was detached`));
    if (this.isGreeted) this.request({ op: 'detach', account });
    this.becomeReady();
  }

  subscribe(symbols: readonly string[]): void {
    const before = this.symbols.size;
    for (const symbol of symbols) this.symbols.add(symbol);
    if (this.symbols.size > before && this.isGreeted) {
      this.request({ op: 'subscribe', symbols: [...this.symbols] });
    }
  }

  /** Says that all effects of a step are done, to a venue in lockstep. */
  acknowledge(step: number): void {
    this.request({ op: 'ack', step });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.watchdog);
    clearTimeout(this.retryTimer);
    this.socket?.close(1000);
    // A peer that does not answer the close keeps no process alive.
    this.socket?.terminate();
    for (const { waiting } of this.accounts.values()) {
      for (const done of waiting) done(new Error('the connection is closed'));
    }
  }

  private connect(): void {
    const { url, token } = this.options;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/stream`, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
    this.socket = socket;
    this.heardAt = Date.now();
    let reason = 'the stream ended';
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      if (response.statusCode === 401) this.fail('AUTH_FAILED', 'the venue refused the token');
      else this.lost(socket, `the venue answered ${response.statusCode ?? 'nothing'}`);
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', () => {
      this.lost(socket, reason);
    });
    socket.on('message', (data) => {
      if (this.socket === socket) this.receive((data as Buffer).toString('utf8'));
    });
  }

  private lost(socket: WebSocket, reason: string): void {
    if (this.socket !== socket || this.isClosed || this.state === 'FAILED') return;
    this.socket = undefined;
    this.isGreeted = false;
    for (const attachment of this.accounts.values()) attachment.isAttached = false;
    this.setStatus({ state: 'CONNECTING', reason });
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    this.retryTimer = setTimeout(
      () => {
        this.connect();
      },
      pause * (0.5 + Math.random() / 2),
    );
  }

  private fail(code: 'AUTH_FAILED' | 'OTHER', reason: string): void {
    if (this.isClosed) return;
    this.setStatus({ state: 'FAILED', code, reason });
    for (const { waiting } of this.accounts.values()) for (const done of waiting) done(new Error(reason));
    this.socket?.terminate();
  }

  private checkSilence(): void {
    if (this.socket?.readyState !== WebSocket.OPEN || Date.now() - this.heardAt < SILENCE_MS) return;
    this.options.log.warn('the stream is silent and is made anew', { silentMs: Date.now() - this.heardAt });
    this.socket.terminate();
  }

  private receive(text: string): void {
    this.heardAt = Date.now();
    try {
      this.handle(JSON.parse(text) as StreamMessage);
    } catch (error) {
      // One message that is not understood must not stop the others, nor the process.
      this.options.log.warn('the stream brought a frame that is not understood', {
        error: String(error),
        bytes: text.length,
      });
    }
  }

  private handle(message: StreamMessage): void {
    switch (message.op) {
      case 'hello':
        this.greeted(message);
        break;
      case 'attached':
        this.attached(message.account, message.seq, message.gap);
        break;
      case 'events':
        this.deliver(message);
        break;
      case 'market':
        this.tell(message);
        break;
      case 'error':
        this.refused(message);
        break;
      case 'heartbeat':
        break;
      default:
        this.options.log.warn('the stream brought an unknown message', { message });
    }
  }

  private greeted({ clock }: Extract<StreamMessage, { op: 'hello' }>): void {
    this.isGreeted = true;
    this.marketTime = clock.at;
    this.options.sink.clock(clock);
    for (const [account, { seq }] of this.accounts) this.request({ op: 'attach', account, after: seq });
    if (this.symbols.size > 0) this.request({ op: 'subscribe', symbols: [...this.symbols] });
    this.becomeReady();
  }

  private attached(account: string, seq: number, gap: boolean): void {
    const attachment = this.accounts.get(account);
    if (attachment === undefined) return;
    if (gap) this.options.log.warn('messages of an account are gone from the venue', { account });
    attachment.isAttached = true;
    attachment.seq ??= seq;
    for (const done of attachment.waiting) done(null);
    this.becomeReady();
  }

  private deliver({ messages }: Extract<StreamMessage, { op: 'events' }>): void {
    for (const { account, seq, event } of messages) {
      const attachment = this.accounts.get(account);
      if (attachment === undefined) continue;
      attachment.seq = Math.max(attachment.seq ?? 0, seq);
      this.options.sink.event(event);
    }
  }

  private tell({ clock, quotes, step, trades }: Extract<StreamMessage, { op: 'market' }>): void {
    const { sink } = this.options;
    this.marketTime = clock.at;
    sink.clock(clock);
    for (const quote of quotes) sink.quote(quote);
    if (step !== null && sink.settled !== undefined) void this.settle(step, trades);
    else for (const trade of trades) sink.trade(trade);
  }

  /** What happened to orders has its effects before the step's bars are over, as in a backtest; then it is acknowledged. */
  private async settle(step: number, trades: readonly VenueTrade[]): Promise<void> {
    const { sink } = this.options;
    await sink.settled?.(false);
    for (const trade of trades) sink.trade(trade);
    await sink.settled?.(true);
    this.acknowledge(step);
  }

  private refused({ code, message }: Extract<StreamMessage, { op: 'error' }>): void {
    this.options.log.error('the venue refused a message of ours', { code, message });
    if (code === 'UNKNOWN_ACCOUNT') this.fail('OTHER', message);
  }

  private becomeReady(): void {
    if (!this.isGreeted || this.state !== 'CONNECTING') return;
    for (const { isAttached } of this.accounts.values()) if (!isAttached) return;
    this.failures = 0;
    this.setStatus({ state: 'READY' });
  }

  private setStatus(status: BrokerStatus): void {
    this.state = status.state;
    this.options.sink.status(status);
  }

  private request(request: StreamRequest): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(request));
  }
}
