import type { BrokerStatus, Logger } from '@omniquant/plugin-sdk';
import { WebSocket } from 'ws';

export interface StreamOptions {
  readonly url: string;
  readonly token: string;
  /** A stream that is silent for longer is taken for dead, ms. */
  readonly silenceMs: number;
  readonly log: Logger;
  status(status: BrokerStatus): void;
  message(message: Readonly<Record<string, unknown>>): void;
}

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 10_000;
/** Another one is connected: whoever comes back at once drives it out, and is driven out in turn. */
const LIMIT_PAUSE_MS = 60_000;

/**
 * Acme's stream, kept open:
 *
 *   CONNECTING --ready--> READY --lost, silent--> CONNECTING        FAILED: refused credentials, for good
 */
export class Stream {
  private readonly options: StreamOptions;
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | undefined;
  private silence: NodeJS.Timeout | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private isOver = false;
  isReady = false;
  private readonly symbols = new Set<string>();

  constructor(options: StreamOptions) {
    this.options = options;
    this.connect();
  }

  subscribe(symbols: readonly string[]): void {
    for (const symbol of symbols) this.symbols.add(symbol);
    if (this.isReady) this.sendSubscription();
  }

  close(): void {
    this.isOver = true;
    this.isReady = false;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    // Not close(): a peer that does not answer it would keep the socket open.
    this.socket?.terminate();
  }

  private connect(): void {
    const { token, url } = this.options;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/stream`, { perMessageDeflate: false });
    this.socket = socket;
    this.putOffSilence();
    let reason = 'the stream ended';
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'auth', token }));
    });
    socket.on('message', (data) => {
      // Until it is ready its time runs: the word that it is may have got lost.
      if (this.isReady) this.putOffSilence();
      this.receive((data as Buffer).toString('utf8'));
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', () => {
      if (this.socket === socket) this.lost(reason, this.pauseMs);
    });
  }

  private receive(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.options.log.warn('the stream brought what is no JSON', { length: text.length });
      return;
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      this.options.log.warn('the stream brought what is no message', { length: text.length });
      return;
    }
    const known = message as Readonly<Record<string, unknown>>;
    if (known['type'] === 'ready') this.becomeReady();
    else if (known['type'] === 'refused') this.refused(known['code']);
    else if (known['type'] !== 'heartbeat') this.options.message(known);
  }

  private becomeReady(): void {
    this.isReady = true;
    this.pauseMs = FIRST_PAUSE_MS;
    this.putOffSilence();
    if (this.symbols.size > 0) this.sendSubscription();
    this.options.status({ state: 'READY' });
  }

  private refused(code: unknown): void {
    if (code === 'too-many-connections') {
      this.isReady = false;
      this.drop();
      const reason = 'another connection has these credentials';
      this.options.status({ state: 'FAILED', code: 'CONNECTION_LIMIT', reason });
      this.again(LIMIT_PAUSE_MS);
      return;
    }
    this.close();
    this.options.status({ state: 'FAILED', code: 'AUTH_FAILED', reason: 'Acme refused the token' });
  }

  private lost(reason: string, pauseMs: number): void {
    if (this.isOver) return;
    this.isReady = false;
    this.drop();
    this.options.status({ state: 'CONNECTING', reason });
    this.pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    this.again(pauseMs);
  }

  private again(pauseMs: number): void {
    // Scattered, so that all gateways do not come back at once.
    this.retry = setTimeout(
      () => {
        this.connect();
      },
      pauseMs * (0.5 + Math.random() / 2),
    );
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.silence);
    socket?.terminate();
  }

  /** Puts off the moment at which the stream is taken for dead. */
  private putOffSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.lost('the stream is silent', this.pauseMs);
    }, this.options.silenceMs);
  }

  private sendSubscription(): void {
    this.socket?.send(JSON.stringify({ type: 'subscribe', symbols: [...this.symbols] }));
  }
}
