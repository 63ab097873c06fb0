import { fork } from 'node:child_process';
import { once } from 'node:events';

import type { Bench } from './bench.ts';
import type { HeapFigures, MemoryTask } from './load/memory-process.ts';

const MEGA = 1e6;

/**
 * The heap of a process through whose engine orders have gone, to PostgreSQL and to their fills. An
 * account keeps its last done orders for a while, so the heap grows until all accounts have as many as
 * they keep; whatever it grows after that, it would go on growing.
 */
export const memory: Bench = {
  name: 'memory',
  async *run({ quick }) {
    const orders = quick ? 3_000 : 1_000_000;
    const accounts = quick ? 2 : 16;
    const { fullBytes, busyBytes, endBytes, residentBytes } = await measure({ accounts, orders });
    const after = `after ${String(orders)} filled orders on ${String(accounts)} accounts`;
    yield {
      name: 'heap',
      value: endBytes / MEGA,
      unit: 'MB',
      ratio: endBytes / fullBytes,
      reference: `the heap when each account had as many done orders as it keeps; ${after}`,
    };
    yield {
      name: 'growth',
      value: (endBytes - fullBytes) / orders,
      unit: 'bytes/order',
      ratio: null,
      reference: `the growth of the same, ${after}`,
    };
    yield {
      name: 'busy',
      value: busyBytes / MEGA,
      unit: 'MB',
      ratio: busyBytes / fullBytes,
      reference: `the same, but right after the last order: with all orders of the last 15 s`,
    };
    yield { name: 'resident', value: residentBytes / MEGA, unit: 'MB', ratio: null, reference: after };
  },
};

async function measure(task: MemoryTask): Promise<HeapFigures> {
  const child = fork(new URL('./load/memory-process.ts', import.meta.url), {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the measured process ended with code ${String(code)}`);
  });
  exited.catch(() => undefined);
  const answered = once(child, 'message') as Promise<[HeapFigures]>;
  child.send(task);
  const [figures] = await Promise.race([answered, exited]);
  await exited.catch(() => undefined);
  return figures;
}
