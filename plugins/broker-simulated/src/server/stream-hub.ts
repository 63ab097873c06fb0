import { T } from '@omniquant/plugin-sdk';
import type { AccountMessage } from '@omniquant/venue/exchange-output';
import type { RawData, WebSocket } from 'ws';

import { HEARTBEAT_MS, type StreamMessage, type StreamRequest } from '../protocol.ts';
import type { Lockstep } from './lockstep.ts';
import type { MarketFeed } from './market-feed.ts';
import { checker } from './request-body.ts';
import { StreamSession } from './stream-session.ts';
import type { VenueEngine } from './venue-engine.ts';

/** Quotes are due at least twice a second, at any speed of the market. */
const PUBLISH_MS = 250;

const checkRequest = checker(
  T.Union([
    T.Object({
      op: T.Literal('attach'),
      account: T.String({ minLength: 1 }),
      after: T.Union([T.Integer({ minimum: 0 }), T.Null()]),
    }),
    T.Object({ op: T.Literal('detach'), account: T.String() }),
    T.Object({ op: T.Literal('subscribe'), symbols: T.Array(T.String(), { maxItems: 1_000 }) }),
    T.Object({ op: T.Literal('ack'), step: T.Integer() }),
  ]),
);

/** The clients of the stream, and what goes out to them. */
export class StreamHub {
  private readonly engine: VenueEngine;
  private readonly feed: MarketFeed;
  private readonly lockstep: Lockstep;
  private readonly sessions = new Set<StreamSession>();
  private readonly timers: NodeJS.Timeout[];
  private readonly delayed = new Set<NodeJS.Timeout>();
  private publishedAt: number;

  constructor(engine: VenueEngine, feed: MarketFeed, lockstep: Lockstep) {
    this.engine = engine;
    this.feed = feed;
    this.lockstep = lockstep;
    this.publishedAt = engine.now;
    this.timers = [
      setInterval(() => {
        this.heartbeat();
      }, HEARTBEAT_MS),
      setInterval(() => {
        if (!this.lockstep.isOn) this.publish(null);
      }, PUBLISH_MS),
    ];
  }

  join(socket: WebSocket): void {
    const session = new StreamSession(socket);
    this.sessions.add(session);
    socket.on('close', () => this.sessions.delete(session));
    socket.on('error', () => {
      session.cut();
    });
    socket.on('message', (data) => {
      this.receive(session, data);
    });
    session.send({ op: 'hello', clock: this.engine.clock });
  }

  /** Sends committed messages to whoever listens, as well as the faults allow. */
  deliver(messages: readonly AccountMessage[]): void {
    if (this.lockstep.isOn) this.tellTime();
    for (const [account, ofAccount] of Map.groupBy(messages, (message) => message.account)) {
      for (const session of this.sessions) {
        if (session.accounts.has(account)) this.sendFaulty(session, ofAccount);
      }
    }
  }

  /** Tells everybody the market: time, quotes of their symbols and trades since the last time. */
  publish(step: number | null): void {
    const { now, clock } = this.engine;
    const from = this.publishedAt;
    this.publishedAt = now;
    const told = new Map<string, Pick<Extract<StreamMessage, { op: 'market' }>, 'quotes' | 'trades'>>();
    for (const session of this.sessions) {
      const parts = [...session.symbols].map((symbol) => {
        let part = told.get(symbol);
        if (part === undefined) {
          const quote = this.feed.quote(symbol, now);
          part = { quotes: quote === null ? [] : [quote], trades: this.feed.trades(symbol, from, now) };
          told.set(symbol, part);
        }
        return part;
      });
      const quotes = parts.flatMap((part) => part.quotes);
      session.send({ op: 'market', clock, quotes, trades: parts.flatMap((part) => part.trades), step });
    }
  }

  /** In lockstep it is known when something happened, and at which quotes, before it is told what. */
  private tellTime(): void {
    const { clock, now } = this.engine;
    for (const session of this.sessions) {
      const quotes = [...session.symbols].flatMap((symbol) => this.feed.quote(symbol, now) ?? []);
      session.send({ op: 'market', clock, quotes, trades: [], step: null });
    }
  }

  /** `mute` leaves the connections open but silent, `cut` ends them. */
  disturb(how: 'mute' | 'cut'): void {
    for (const session of this.sessions) {
      if (how === 'mute') session.mute();
      else session.cut();
    }
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const timer of this.delayed) clearTimeout(timer);
    for (const session of this.sessions) session.close();
  }

  private receive(session: StreamSession, data: RawData): void {
    try {
      const request = checkRequest(JSON.parse((data as Buffer).toString('utf8')));
      this.answer(session, request);
    } catch (error) {
      session.send({
        op: 'error',
        code: 'INVALID_REQUEST',
        message: error instanceof Error ? error.message : 'unreadable',
      });
    }
  }

  private answer(session: StreamSession, request: StreamRequest): void {
    switch (request.op) {
      case 'attach':
        this.attach(session, request.account, request.after);
        break;
      case 'detach':
        session.accounts.delete(request.account);
        break;
      case 'subscribe':
        this.subscribe(session, request.symbols);
        break;
      case 'ack':
        this.lockstep.acknowledge(request.step);
        break;
    }
  }

  /** All in one turn of the event loop, so that nothing falls between what was stored and what comes. */
  private attach(session: StreamSession, account: string, after: number | null): void {
    const seq = this.engine.account(account)?.committedSeq;
    if (seq === undefined) {
      session.send({ op: 'error', code: 'UNKNOWN_ACCOUNT', message: `account ${account} is not known here` });
      return;
    }
    const missed = after === null || after >= seq ? [] : this.engine.store.messages(account, after);
    const gap = after !== null && after < seq && missed[0]?.seq !== after + 1;
    session.accounts.add(account);
    session.send({ op: 'attached', account, seq, gap });
    session.sendEvents(missed);
  }

  private subscribe(session: StreamSession, symbols: readonly string[]): void {
    session.symbols.clear();
    for (const symbol of symbols) session.symbols.add(symbol);
    const quotes = symbols.flatMap((symbol) => this.feed.quote(symbol, this.engine.now) ?? []);
    session.send({ op: 'market', clock: this.engine.clock, quotes, trades: [], step: null });
  }

  private sendFaulty(session: StreamSession, messages: readonly AccountMessage[]): void {
    const prompt: AccountMessage[] = [];
    for (const { message, delayMs } of this.engine.draws.deliveries(messages)) {
      if (delayMs === 0) prompt.push(message);
      else this.later(delayMs, () => session.sendEvents([message]));
    }
    if (!this.engine.draws.faults.stream.mute) session.sendEvents(prompt);
  }

  private later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      action();
    }, delayMs);
    this.delayed.add(timer);
  }

  private heartbeat(): void {
    if (this.engine.draws.faults.stream.mute) return;
    for (const session of this.sessions) session.send({ op: 'heartbeat' });
  }
}
