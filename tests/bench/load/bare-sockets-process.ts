import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { WebSocketServer } from 'ws';

import type { BareTask } from './bare-sockets.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await once(server, 'listening');
process.on('message', (task) => void sendToAll(task as BareTask));
process.send?.((server.address() as AddressInfo).port);

async function sendToAll({ texts, atATime }: BareTask): Promise<void> {
  for (let from = 0; from < texts.length; from += atATime) {
    const some = texts.slice(from, from + atATime);
    for (const socket of server.clients) {
      for (const text of some) socket.send(text);
    }
    // The operating system may take them.
    await nextTurn();
  }
  while ([...server.clients].some(({ bufferedAmount }) => bufferedAmount > 0)) await nextTurn();
  process.send?.('sent');
}
