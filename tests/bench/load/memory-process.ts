/** Places orders in a process that does nothing else, and tells its parent how large its heap is then. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { DONE_KEPT_ORDERS } from '../../../core/engine/apply/retention.ts';
import { openBenchDatabase } from './bench-database.ts';
import { startEngineBed } from './engine-bed.ts';
import { placeOrders } from './place-orders.ts';

export interface MemoryTask {
  readonly accounts: number;
  readonly orders: number;
}

/** Heap after collections, in bytes. */
export interface HeapFigures {
  /** When every account had just as many done orders as are kept. */
  readonly fullBytes: number;
  /** Right after the last order, with what is kept of the last seconds' orders. */
  readonly busyBytes: number;
  /** When that had been let go of. */
  readonly endBytes: number;
  readonly residentBytes: number;
}

const SETTLE_MS = 500;
const LEASES_RENEWED_MS = 1_500;
/** Longer than any order that has left its account's state is remembered (core/runtime/archive-gate.ts). */
const FORGOTTEN_MS = 16_500;

/** What is reachable once all that was under way has ended. */
async function heapBytes(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('the process was not started with --expose-gc');
  await sleep(SETTLE_MS);
  for (let time = 0; time < 3; time += 1) await gc({ execution: 'async', type: 'major' });
  return process.memoryUsage().heapUsed;
}

async function measure({ accounts: count, orders }: MemoryTask): Promise<HeapFigures> {
  const database = await openBenchDatabase();
  const bed = await startEngineBed(database);
  const accounts = await bed.openAccounts(count);
  await bed.ready(accounts);
  const place = (number: number): Promise<void> =>
    placeOrders(bed, accounts, { orders: number, resting: false, inFlight: 16 });

  const full = DONE_KEPT_ORDERS * count;
  await place(full);
  const fullBytes = await heapBytes();
  await place(orders - full);
  const busyBytes = await heapBytes();
  bed.skip(FORGOTTEN_MS);
  // Leases that seem to be over are renewed with the next round.
  await sleep(LEASES_RENEWED_MS);
  await bed.ready(accounts);
  // Accounts let go when they are used.
  await place(2 * count);
  const figures = {
    fullBytes,
    busyBytes,
    endBytes: await heapBytes(),
    residentBytes: process.memoryUsage.rss(),
  };
  await bed.close();
  await database.close();
  return figures;
}

const [task] = (await once(process, 'message')) as [MemoryTask];
process.send?.(await measure(task));
process.disconnect();
