import type { Writable } from 'node:stream';

import type { WebSocket } from 'ws';

import type { WriteBatch } from './write-batch.ts';

/** Try again later; clients of graphql-ws reconnect after it. */
export const CLOSE_TRY_AGAIN = 1013;

export interface SocketOutletOptions {
  /** What the socket writes its frames to. */
  readonly transport: Writable;
  readonly batch: WriteBatch;
  readonly highWaterBytes: number;
  readonly hardCapBytes: number;
  /** A socket that takes nothing for so long while it is above the mark is ended. */
  readonly stallMs: number;
}

/**
 * Everything that is written to one socket. Above the high-water mark subscriptions hold back: what they
 * have then waits in their own bounded queues, and a client that stops reading costs no more than those.
 * If it goes on not reading, the socket is closed (1013 SLOW_CONSUMER).
 */
export interface SocketOutlet {
  readonly open: boolean;
  /** Below the high-water mark. */
  readonly writable: boolean;
  send(text: string): void;
  /** Resolves when the operating system has it, or when the socket is gone. */
  sendAndFlush(text: string): Promise<void>;
  /** Calls back once, when it is writable again. */
  whenWritable(callback: () => void): void;
  close(code: number, reason: string): void;
}

const TERMINATE_AFTER_CLOSE_MS = 1_000;

export function createSocketOutlet(socket: WebSocket, options: SocketOutletOptions): SocketOutlet {
  let waiting: (() => void)[] = [];
  let stalled: NodeJS.Timeout | null = null;

  const isOpen = (): boolean => socket.readyState === socket.OPEN;

  function onFlushed(): void {
    if (socket.bufferedAmount > options.highWaterBytes / 2) {
      stalled?.refresh();
      return;
    }
    if (stalled !== null) clearTimeout(stalled);
    stalled = null;
    if (waiting.length === 0) return;
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  }

  function checkCap(): void {
    if (socket.bufferedAmount > options.hardCapBytes) socket.terminate();
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason);
    // The peer may not read the close frame either.
    setTimeout(() => {
      socket.terminate();
    }, TERMINATE_AFTER_CLOSE_MS).unref();
  }

  socket.once('close', () => {
    if (stalled !== null) clearTimeout(stalled);
    waiting = [];
  });

  return {
    get open() {
      return isOpen();
    },
    get writable() {
      return isOpen() && socket.bufferedAmount < options.highWaterBytes;
    },
    send(text) {
      if (!isOpen()) return;
      options.batch.hold(options.transport);
      socket.send(text, onFlushed);
    },
    sendAndFlush(text) {
      if (!isOpen()) return Promise.resolve();
      return new Promise((resolve) => {
        socket.send(text, () => {
          onFlushed();
          resolve();
        });
        checkCap();
      });
    },
    whenWritable(callback) {
      waiting.push(callback);
      stalled ??= setTimeout(() => {
        close(CLOSE_TRY_AGAIN, 'SLOW_CONSUMER');
      }, options.stallMs);
    },
    close,
  };
}
