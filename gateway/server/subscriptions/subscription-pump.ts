import type { SocketOutlet } from '../websocket/socket-outlet.ts';
import type { SocketRights } from '../websocket/socket-rights.ts';
import type { Feed } from './feed.ts';
import type { Rendering } from './shared-rendering.ts';

export interface PumpOptions {
  /** Of the operation, as the client named it. */
  readonly id: string;
  readonly feed: Feed<object>;
  readonly rendering: Rendering;
  readonly outlet: SocketOutlet;
  readonly rights: SocketRights;
  readonly onSent: () => void;
  readonly onEnd: (cause: Error | 'done' | 'client') => void;
}

/**
 * Moves the events of one subscription from its feed to its socket, as the protocol's `next` messages.
 * One event at a time, and before each one: does the feed go on, does the socket take more, do the
 * rights still hold. What it cannot send waits in the feed.
 *
 * To the protocol's library it is a stream without values whose end is the subscription's end, an error
 * included; the library writes the `complete` or `error` message.
 */
export function pumpSubscription(options: PumpOptions): AsyncGenerator<never, void, void> {
  const { rendering, outlet, rights } = options;
  const prefix = `{"id":${JSON.stringify(options.id)},"type":"next","payload":`;
  const ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  let over = false;
  /** OPENING: there is no reader yet. RUNNING: in `run` now. WAITING: for a text, the socket or the rights, whose callback runs it. */
  let state: 'OPENING' | 'IDLE' | 'RUNNING' | 'WAITING' = 'OPENING';
  let text: string | null = null;

  const reader = options.feed.open(() => {
    if (state === 'IDLE') run();
    else if (state === 'WAITING') checkEnd();
  });
  state = 'IDLE';
  // The library may not listen yet.
  ended.promise.catch(() => undefined);

  function finish(cause: Error | 'done' | 'client'): void {
    if (over) return;
    over = true;
    text = null;
    reader.close();
    options.onEnd(cause);
    if (cause instanceof Error) ended.reject(cause);
    else ended.resolve({ done: true, value: undefined });
  }

  /** An overflow ends the subscription at once, though the socket is not ready for anything. */
  function checkEnd(): void {
    if (reader.end instanceof Error) finish(reader.end);
  }

  function resume(): void {
    state = 'IDLE';
    run();
  }

  function run(): void {
    if (over || state !== 'IDLE') return;
    state = 'RUNNING';
    while (step());
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- `step` changes it
    if (state === 'RUNNING') state = 'IDLE';
  }

  /** False when there is nothing more to do now. */
  function step(): boolean {
    checkEnd();
    if (over) return false;
    if (!outlet.writable) {
      if (outlet.open) waitForSocket();
      return false;
    }
    if (!rights.current()) {
      wait((done) => {
        void rights.renew().then((good) => {
          if (good) done();
        });
      });
      return false;
    }
    if (text !== null) {
      outlet.send(`${prefix}${text}}`);
      text = null;
      options.onSent();
      return true;
    }
    return next();
  }

  function next(): boolean {
    const payload = reader.take();
    if (payload === null) {
      if (reader.end === 'done') finish('done');
      return false;
    }
    const rendered = rendering.render(payload);
    if (typeof rendered === 'string') {
      text = rendered;
      return true;
    }
    wait((done) => {
      rendered.then(
        (ready) => {
          text = ready;
          done();
        },
        (error: unknown) => {
          finish(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
    return false;
  }

  function waitForSocket(): void {
    reader.setBlocked(true);
    wait((done) => {
      outlet.whenWritable(() => {
        reader.setBlocked(false);
        done();
      });
    });
  }

  function wait(forIt: (done: () => void) => void): void {
    state = 'WAITING';
    forIt(resume);
  }

  run();

  const generator: AsyncGenerator<never, void, void> = {
    next: () => ended.promise,
    return() {
      finish('client');
      return Promise.resolve({ done: true, value: undefined });
    },
    throw(error: unknown) {
      finish('client');
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]() {
      finish('client');
      return Promise.resolve();
    },
  };
  return generator;
}
