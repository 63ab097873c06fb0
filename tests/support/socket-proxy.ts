import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy to a local port, with which connections break in chosen ways. */
export interface SocketProxy {
  readonly port: number;
  /** From now on what the server says does not arrive. Until `cut`. */
  swallowAnswers(): void;
  /** Closes all connections on both sides. */
  cut(): void;
  /** Closes all connections on the client's side only: the server goes on and notices nothing. */
  forgetClients(): void;
  /** New connections are closed at once. */
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

export async function openSocketProxy(target: number): Promise<SocketProxy> {
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>();
  const orphans = new Set<Socket>();
  let swallowing = false;
  let refusing = false;
  const listener = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const server = connect(target, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
    client.on('data', (chunk) => void server.write(chunk));
    server.on('data', (chunk) => {
      if (!swallowing && !client.destroyed) client.write(chunk);
    });
    client.on('close', () => {
      pairs.delete(pair);
      if (!orphans.has(server)) server.destroy();
    });
    server.on('close', () => {
      orphans.delete(server);
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const cut = (): void => {
    swallowing = false;
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port: address.port,
    swallowAnswers: () => void (swallowing = true),
    cut,
    forgetClients() {
      for (const { client, server } of pairs) {
        orphans.add(server);
        client.destroy();
      }
    },
    refuse: (value) => void (refusing = value),
    async close() {
      cut();
      for (const server of orphans) server.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
