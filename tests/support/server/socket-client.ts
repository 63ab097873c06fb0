import { WebSocket } from 'ws';

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface SocketClientOptions {
  readonly protocol?: string | null;
  readonly headers?: Record<string, string>;
  /** Sent as the payload of connection_init; null sends no connection_init. */
  readonly init?: Record<string, unknown> | null;
}

/** A client of graphql-transport-ws that does what it is told, right or wrong. */
export interface SocketClient {
  readonly socket: WebSocket;
  /** Messages that have not been taken by `next`, in order. */
  readonly received: Message[];
  send(message: object | string | Buffer): void;
  subscribe(id: string, query: string, variables?: Record<string, unknown>): void;
  /** The next message that is one of the types (of the operation, if named); earlier others stay. */
  next(types: readonly string[], id?: string): Promise<Message>;
  /** Every message from now on, in place of `next`. */
  onMessage(listener: (message: Message) => void): void;
  readonly closed: Promise<Closed>;
  close(): void;
}

/** Rejects when the upgrade is refused. */
export async function connect(address: string, options: SocketClientOptions = {}): Promise<SocketClient> {
  const protocols = options.protocol === null ? [] : [options.protocol ?? 'graphql-transport-ws'];
  const socket = new WebSocket(address, protocols, { headers: options.headers ?? {} });
  const received: Message[] = [];
  let listener: ((message: Message) => void) | null = null;
  let notify = (): void => undefined;
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
      notify();
    });
  });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    if (listener !== null) {
      listener(message);
      return;
    }
    received.push(message);
    notify();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => {
      resolve();
    });
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);

  const client: SocketClient = {
    socket,
    received,
    closed,
    send(message) {
      socket.send(
        typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message),
      );
    },
    subscribe(id, query, variables) {
      client.send({
        type: 'subscribe',
        id,
        payload: { query, ...(variables === undefined ? {} : { variables }) },
      });
    },
    async next(types, id) {
      for (;;) {
        const index = received.findIndex(
          (message) => types.includes(message.type) && (id === undefined || message.id === id),
        );
        const [found] = index < 0 ? [] : received.splice(index, 1);
        if (found !== undefined) return found;
        if (socket.readyState >= WebSocket.CLOSING) {
          throw new Error(`the socket closed before ${types.join(' or ')}: ${JSON.stringify(await closed)}`);
        }
        await new Promise<void>((resolve) => (notify = resolve));
      }
    },
    onMessage(next) {
      listener = next;
      for (const message of received.splice(0)) next(message);
    },
    close() {
      socket.terminate();
    },
  };
  if (options.init !== null) {
    client.send({ type: 'connection_init', payload: options.init ?? {} });
    await client.next(['connection_ack']);
  }
  return client;
}
