import type { Socket } from 'node:net';

import { FrameSplitter, textFrame } from './frame-splitter.ts';

export type Channel = 'request' | 'stream';

/** What becomes of the bytes of one direction: they pass, they wait, or they are gone. */
export type Gate = 'pass' | 'hold' | 'swallow';

/** In place of an answer: these bytes and the end of the connection, or its end alone. */
export type FalseAnswer = string | null;

/** How often each message of a stream goes out: 0 drops it, 2 doubles it. `later`: after the next one. */
export type StreamFault = () => { readonly copies: number; readonly later: boolean };

export interface LinkSurroundings {
  gateOf(channel: Channel, direction: 'up' | 'down'): Gate;
  /** Undefined: the venue's own. */
  falseAnswer(): FalseAnswer | undefined;
  streamFault(): StreamFault | null;
  noteBytes(count: number): void;
  noteStream(): void;
  /** Of a stream, from the venue. */
  noteMessage(): void;
  ended(): void;
}

const REQUEST_LINE = /^([A-Z]+) \S+ HTTP\/1\.[01]\r\n/;

/**
 * One client's connection with the one to the venue. Nothing is known of it before its first bytes: these tell
 * whether it carries requests or a stream. Both ends close together.
 */
export class Link {
  channel: Channel | null = null;
  /** Bytes of it were swallowed: it is of no use any more. */
  hasLost = false;
  private readonly client: Socket;
  private readonly venue: Socket;
  private readonly around: LinkSurroundings;
  private readonly held: Record<'up' | 'down', Buffer[]> = { up: [], down: [] };
  private isWebSocket = false;
  private frames: FrameSplitter | null = null;
  private later: Buffer | null = null;
  private falseAnswer: FalseAnswer | undefined;

  constructor(client: Socket, venue: Socket, around: LinkSurroundings) {
    this.client = client;
    this.venue = venue;
    this.around = around;
    for (const socket of [client, venue]) {
      socket.setNoDelay(true);
      // An error is followed by the close.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.cut();
      });
    }
    client.on('data', (chunk) => {
      around.noteBytes(chunk.length);
      this.fromClient(chunk);
    });
    venue.on('data', (chunk) => {
      this.fromVenue(chunk);
    });
  }

  cut(): void {
    this.client.destroy();
    this.venue.destroy();
    this.around.ended();
  }

  /** Lets go on what was held, if it may. */
  settle(): void {
    for (const direction of ['up', 'down'] as const) {
      if (this.channel === null || this.around.gateOf(this.channel, direction) !== 'pass') continue;
      for (const chunk of this.held[direction].splice(0)) this.write(direction, chunk);
    }
  }

  say(message: Buffer): void {
    if (this.channel === 'stream') this.client.write(this.isWebSocket ? textFrame(message) : message);
  }

  private fromClient(chunk: Buffer): void {
    let bytes = chunk;
    if (this.channel === null) {
      const head = chunk.toString('latin1');
      this.isWebSocket = /\r\nupgrade: *websocket/i.test(head);
      this.channel = REQUEST_LINE.test(head) && !this.isWebSocket ? 'request' : 'stream';
      if (this.channel === 'stream') {
        this.around.noteStream();
        this.frames = new FrameSplitter(this.isWebSocket);
      }
      // Compressed frames depend on each other: none could be left out.
      bytes = Buffer.from(head.replace(/\r\nsec-websocket-extensions:[^\r]*/i, ''), 'latin1');
    }
    if (this.channel === 'request') {
      const method = REQUEST_LINE.exec(bytes.toString('latin1'))?.[1];
      if (method !== undefined && method !== 'GET') this.falseAnswer = this.around.falseAnswer();
    }
    this.pass('up', bytes);
  }

  private fromVenue(chunk: Buffer): void {
    if (this.falseAnswer === undefined) this.pass('down', chunk);
    else if (this.falseAnswer === null) this.client.resetAndDestroy();
    else this.client.end(this.falseAnswer);
  }

  private pass(direction: 'up' | 'down', chunk: Buffer): void {
    const gate = this.channel === null ? 'pass' : this.around.gateOf(this.channel, direction);
    if (gate === 'hold' || (gate === 'pass' && this.held[direction].length > 0)) {
      this.held[direction].push(chunk);
    } else if (gate === 'swallow') this.hasLost = true;
    else this.write(direction, chunk);
  }

  private write(direction: 'up' | 'down', chunk: Buffer): void {
    const target = direction === 'up' ? this.venue : this.client;
    if (target.destroyed) return;
    if (direction === 'up' || this.frames === null) target.write(chunk);
    else for (const part of this.frames.split(chunk)) this.tell(part.bytes, part.isMessage);
  }

  /** What was to go after the next message goes now. */
  flush(): void {
    if (this.later !== null && !this.client.destroyed) this.client.write(this.later);
    this.later = null;
  }

  private tell(frame: Buffer, isMessage: boolean): void {
    if (isMessage) this.around.noteMessage();
    const { copies, later } = (isMessage ? this.around.streamFault()?.() : undefined) ?? {
      copies: 1,
      later: false,
    };
    const waiting = this.later;
    this.later = null;
    if (later && waiting === null) this.later = frame;
    else for (let copy = 0; copy < copies; copy += 1) this.client.write(frame);
    if (waiting !== null) this.client.write(waiting);
  }
}
