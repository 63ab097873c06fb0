import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import WebSocket, { type RawData } from 'ws';

import { type HerdCount, type HerdTask, instant } from './socket-herd.ts';

/** What has not come after so long a silence will not come. */
const SILENCE_MS = 20_000;
/** Sockets that are opened at a time. */
const AT_ONCE = 50;

const counts: number[] = [];
let sample: string[] = [];
let total = 0;
let expected = Number.POSITIVE_INFINITY;
let lastAt = 0;
let complete: () => void = () => undefined;

const [task] = (await once(process, 'message')) as [HerdTask];
for (let from = 0; from < task.greetings.length; from += AT_ONCE) {
  await Promise.all(task.greetings.slice(from, from + AT_ONCE).map((_, index) => open(from + index)));
}
process.on('message', (each) => void report(each as number));
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
  lastAt = instant();
  counts[index] = (counts[index] ?? 0) + 1;
  total += 1;
  if (index === 0) sample.push((data as Buffer).toString());
  if (total >= expected) complete();
}

async function report(each: number): Promise<void> {
  expected = each * counts.length;
  const done = new Promise<void>((resolve) => (complete = resolve));
  if (total < expected) await Promise.race([done, silence()]);
  const count: HerdCount = {
    messages: total,
    lastAt,
    isEven: counts.every((number) => number === each),
    sample,
  };
  counts.fill(0);
  sample = [];
  total = 0;
  expected = Number.POSITIVE_INFINITY;
  process.send?.(count);
}

async function silence(): Promise<void> {
  const asked = instant();
  while (instant() - Math.max(lastAt, asked) < SILENCE_MS) await sleep(SILENCE_MS / 10);
}
