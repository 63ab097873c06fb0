import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { WebSocketServer } from 'ws';

/** What one turn sends to each socket before the operating system may take it. */
const TEXTS_A_TURN = 10;

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await once(server, 'listening');
process.on('message', (texts) => void sendToAll(texts as readonly string[]));
process.send?.((server.address() as AddressInfo).port);

async function sendToAll(texts: readonly string[]): Promise<void> {
  for (let from = 0; from < texts.length; from += TEXTS_A_TURN) {
    for (const text of texts.slice(from, from + TEXTS_A_TURN)) {
      for (const socket of server.clients) socket.send(text);
    }
    await nextTurn();
  }
  while ([...server.clients].some(({ bufferedAmount }) => bufferedAmount > 0)) await nextTurn();
  process.send?.('sent');
}
