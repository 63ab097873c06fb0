import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** `never` answers nothing; `cut` ends the connection; `half` breaks off within the body. */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | 'never'
  | 'cut'
  | { readonly half: number };

export interface HttpReceiver {
  readonly origin: string;
  readonly requests: ReceivedRequest[];
  /** What the requests from now on are answered by. */
  answer: Answer | ((request: ReceivedRequest) => Answer);
  /** Resolves when so many requests have come. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'never') return;
  if (answer === 'cut') {
    response.destroy();
  } else if ('half' in answer) {
    response.writeHead(answer.half, { 'content-length': '1000' });
    response.write('half of ', () => response.destroy());
  } else {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

/** A server that keeps what it gets and answers as it is told to; it does not outlive `closeReceivers`. */
export async function startReceiver(answer: HttpReceiver['answer']): Promise<HttpReceiver> {
  const waiting = new Set<() => void>();
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(received);
      waiting.forEach((look) => look());
      send(response, typeof receiver.answer === 'function' ? receiver.answer(received) : receiver.answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: HttpReceiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    received: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (requests.length >= count) resolve();
        };
        waiting.add(look);
        look();
      }),
    async close() {
      if (!open.delete(receiver)) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  open.add(receiver);
  return receiver;
}

const open = new Set<HttpReceiver>();

/** For `afterEach`: a test that fails half-way leaves none behind. */
export async function closeReceivers(): Promise<void> {
  await Promise.all([...open].map((receiver) => receiver.close()));
}
