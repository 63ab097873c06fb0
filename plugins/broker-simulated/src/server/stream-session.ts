import type { AccountMessage } from '@omniquant/venue/exchange-output';
import type { WebSocket } from 'ws';

import type { StreamMessage } from '../protocol.ts';

/** A client that reads this much slower than the venue writes is cut off; it resumes by its numbers. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** One client of the stream: the accounts and symbols it listens to. */
export class StreamSession {
  readonly symbols = new Set<string>();
  readonly accounts = new Set<string>();
  private readonly socket: WebSocket;
  private isMute = false;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** Stops sending while the connection stays open, as a half-open one does. */
  mute(): void {
    this.isMute = true;
  }

  send(message: StreamMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    if (this.isMute || this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) this.cut();
    else this.socket.send(text);
  }

  sendEvents(messages: readonly AccountMessage[]): void {
    if (messages.length > 0) this.send({ op: 'events', messages });
  }

  cut(): void {
    this.socket.terminate();
  }

  close(): void {
    this.socket.close(1001, 'the venue is closing');
  }
}
