import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

/**
 * What happens to the connections of a proxy, those that stand and new ones.
 *
 *   refuse     new connections are reset; those that stand go on
 *   blackhole  nothing passes in either direction, nobody is told; what was held back passes after `heal`
 *   delay      each piece arrives `ms` later
 *   throttle   so many bytes a second in each direction
 *   duplicate  whatever a client sends is sent to the server a second time, on a connection of its own
 *              whose answers nobody reads; connections that stand are reset, so that all are twins
 */
export type Fault =
  | { readonly kind: 'none' | 'refuse' | 'blackhole' | 'duplicate' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number };

/** A connection is reset in the middle of what it carries. */
export interface Cut {
  /** The first connection on which the client sends this is it; without it, the first that carries anything. */
  readonly request?: string;
  /** In which direction bytes are counted, from the request on. */
  readonly direction: Direction;
  /** Bytes that still pass in that direction before both ends are reset. */
  readonly afterBytes: number;
}

/** A TCP proxy to a port of this machine, whose connections break in chosen ways. */
export interface FaultProxy {
  readonly port: number;
  readonly connections: number;
  set(fault: Fault): void;
  /** Also of a cut that has not begun yet. */
  heal(): void;
  /** RST to both ends of every connection. */
  reset(): void;
  /** Resolves when it has happened. */
  cutOnce(cut: Cut): Promise<void>;
  /** How many pieces with this text clients have sent, and were delivered, since `count` was called. */
  count(text: string): () => number;
  close(): Promise<void>;
}

interface Pipe {
  readonly from: Socket;
  readonly to: Socket;
  readonly twin: Socket | null;
  readonly direction: Direction;
  /** Keeps the order of what is delayed. */
  last: Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes left of a cut that has begun here. */
  cutting: { readonly direction: Direction; left: number } | null;
}

const HOST = '127.0.0.1';

/** RST; a socket whose own end is under way already cannot be reset any more, and would never be closed. */
const cutOff = (socket: Socket): void => {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

export async function openFaultProxy(target: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  const twins = new Set<Socket>();
  let fault: Fault = { kind: 'none' };
  const counters: { readonly text: string; seen: number }[] = [];
  let armed: { readonly cut: Cut; readonly done: () => void } | null = null;
  let cutDone = (): void => undefined;
  let healed: Promise<void> = Promise.resolve();
  let heal = (): void => undefined;

  const end = ({ client, server }: Pair): void => {
    cutOff(client);
    cutOff(server);
  };

  /** The part of a piece that passes before a cut; the whole of it where there is none. */
  function cutShort(pair: Pair, direction: Direction, data: Buffer): Buffer {
    if (armed !== null && pair.cutting === null) {
      const { request, direction: counted, afterBytes } = armed.cut;
      if (request === undefined || (direction === 'toServer' && data.includes(request))) {
        pair.cutting = { direction: counted, left: afterBytes };
        cutDone = armed.done;
        armed = null;
      }
    }
    if (pair.cutting?.direction !== direction) return data;
    const passing = data.subarray(0, pair.cutting.left);
    pair.cutting.left -= data.length;
    return passing;
  }

  async function deliver(pair: Pair, pipe: Pipe, data: Buffer): Promise<void> {
    if (fault.kind === 'blackhole') await healed;
    if (fault.kind === 'delay') await pause(fault.ms);
    if (fault.kind === 'throttle') await pause((data.length / fault.bytesPerSecond) * 1_000);
    const passing = cutShort(pair, pipe.direction, data);
    for (const counter of counters) {
      if (pipe.direction === 'toServer' && passing.includes(counter.text)) counter.seen += 1;
    }
    if (!pipe.to.destroyed && passing.length > 0) {
      await new Promise<void>((resolve) => pipe.to.write(passing, () => resolve()));
    }
    if (pipe.twin?.destroyed === false) pipe.twin.write(data);
    if (pair.cutting?.direction === pipe.direction && pair.cutting.left <= 0) {
      end(pair);
      cutDone();
    }
  }

  function pump(pair: Pair, pipe: Pipe): void {
    pipe.from.on('data', (data: Buffer) => {
      pipe.from.pause();
      pipe.last = deliver(pair, pipe, data).then(() => void pipe.from.resume());
    });
    pipe.from.on('end', () => void pipe.last.then(() => pipe.to.end()));
    pipe.from.on('error', () => {
      cutOff(pipe.to);
    });
    // A partition hides also that an end is gone.
    pipe.from.on('close', () => void pipe.last.then(() => pipe.to.destroySoon()));
  }

  const openTwin = (): Socket => {
    const twin = connect(target, HOST);
    twins.add(twin);
    twin.on('error', () => undefined).on('close', () => twins.delete(twin));
    return twin.resume();
  };

  async function accept(client: Socket): Promise<void> {
    client.on('error', () => undefined);
    if (fault.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    if (fault.kind === 'blackhole') await healed;
    const server = connect(target, HOST);
    const pair: Pair = { client, server, cutting: null };
    pairs.add(pair);
    client.setNoDelay(true);
    server.setNoDelay(true);
    const twin = fault.kind === 'duplicate' ? openTwin() : null;
    const last = Promise.resolve();
    pump(pair, { from: client, to: server, twin, direction: 'toServer', last });
    pump(pair, { from: server, to: client, twin: null, direction: 'toClient', last });
    server.on('close', () => {
      pairs.delete(pair);
      twin?.destroy();
    });
  }

  const listener = createServer((client) => void accept(client));
  await new Promise<void>((resolve) => listener.listen(0, HOST, resolve));

  const reset = (): void => {
    for (const pair of pairs) end(pair);
  };
  const set = (next: Fault): void => {
    fault = next;
    heal();
    if (next.kind === 'blackhole') healed = new Promise((resolve) => (heal = resolve));
    if (next.kind === 'duplicate') reset();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    set,
    heal: () => {
      armed = null;
      set({ kind: 'none' });
    },
    reset,
    cutOnce: (cut) =>
      new Promise((done) => {
        armed = { cut, done };
      }),
    count(text) {
      const counter = { text, seen: 0 };
      counters.push(counter);
      return () => counter.seen;
    },
    async close() {
      set({ kind: 'refuse' });
      reset();
      for (const twin of twins) twin.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
