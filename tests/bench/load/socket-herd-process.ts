import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import WebSocket, { type RawData } from 'ws';

import type { HerdCount, HerdTask } from './socket-herd.ts';

/** Nothing more is expected after so long a silence. */
const SILENCE_MS = 1_000;
/** Sockets that are opened at a time. */
const AT_ONCE = 50;

const counts: number[] = [];
let sample: string[] = [];
let firstAt = 0;
let lastAt = 0;

const [task] = (await once(process, 'message')) as [HerdTask];
for (let from = 0; from < task.greetings.length; from += AT_ONCE) {
  await Promise.all(task.greetings.slice(from, from + AT_ONCE).map((_, index) => open(from + index)));
}
process.on('message', () => void report());
process.send?.('ready');

async function open(index: number): Promise<void> {
  const socket = new WebSocket(task.url, task.protocol ?? [], { perMessageDeflate: false });
  await once(socket, 'open');
  const greeting = task.greetings[index] ?? null;
  if (greeting !== null) {
    const [hello, then] = greeting;
    socket.send(hello);
    await once(socket, 'message');
    socket.send(then);
  }
  counts[index] = 0;
  socket.on('message', (data) => {
    received(index, data);
  });
  socket.on('close', (code, reason) => {
    throw new Error(`socket ${String(index)} was closed with ${String(code)} ${reason.toString()}`);
  });
}

function received(index: number, data: RawData): void {
  lastAt = performance.now();
  if (firstAt === 0) firstAt = lastAt;
  counts[index] = (counts[index] ?? 0) + 1;
  if (index === 0) sample.push((data as Buffer).toString());
}

async function report(): Promise<void> {
  const asked = performance.now();
  while (performance.now() - Math.max(lastAt, asked) < SILENCE_MS) await sleep(SILENCE_MS / 10);
  const count: HerdCount = {
    messages: counts.reduce((sum, each) => sum + each, 0),
    seconds: (lastAt - firstAt) / 1_000,
    even: new Set(counts).size === 1,
    sample,
  };
  counts.fill(0);
  sample = [];
  firstAt = 0;
  lastAt = 0;
  process.send?.(count);
}
