import { Client } from 'pg';

import type { Bench } from './bench.ts';
import { type BenchDatabase, openBenchDatabase } from './load/bench-database.ts';
import { startEngineBed } from './load/engine-bed.ts';
import { placeOrders } from './load/place-orders.ts';
import { median } from './median.ts';

const ROUNDS = 3;
/** Of an order that fills: initialized, submitted, accepted, filled. */
const EVENTS_AN_ORDER = 4;
/** How far behind the journal's end a snapshot is at worst, as the gateway is set. */
const SNAPSHOT_AGE = 5_000;
const IN_FLIGHT = 200;
const PAGE_ROWS = 2_000;

/** When a bed makes a snapshot. Two are kept of an account. */
const ONLY_AT_ITS_END = { snapshotEvery: Number.MAX_SAFE_INTEGER };

/**
 * From the start of the runtime until an account that has a long journal has placed an order: without a
 * snapshot, and with one that is as old as snapshots get.
 */
export const restart: Bench = {
  name: 'restart',
  async *run({ quick }) {
    const database = await openBenchDatabase();
    try {
      const wanted = quick ? 20_000 : 1_000_000;
      const accountId = await fill(database, null, wanted - SNAPSHOT_AGE);
      const snapshotSeq = await seqOf(database, accountId);
      await fill(database, accountId, SNAPSHOT_AGE);
      const seq = await seqOf(database, accountId);
      const share = quick ? `; the target is for 1,000,000, of which these are a fiftieth` : '';
      for (const [name, from, target] of [
        ['with-snapshot', snapshotSeq, 'target 2 s'],
        ['without-snapshot', 0, 'target 15 s'],
      ] as const) {
        const { ours, bare } = await measure(database, accountId, from);
        const what = `the same ${String(seq - from)} of ${String(seq)} events read in pages on one connection`;
        yield {
          name,
          value: ours,
          unit: 's',
          ratio: ours / bare,
          reference: `${what} (${target}${from === 0 ? share : ''})`,
        };
      }
    } finally {
      await database.close();
    }
  },
};

/** Writes about so many events by orders that fill, into a new account where none is given. Leaves a snapshot at the end. */
async function fill(database: BenchDatabase, account: string | null, events: number): Promise<string> {
  const bed = await startEngineBed(database, ONLY_AT_ITS_END);
  const accounts = account === null ? await bed.openAccounts(1) : [account];
  await bed.ready(accounts);
  // An even number leaves no position.
  const orders = 2 * Math.ceil(events / EVENTS_AN_ORDER / 2);
  await placeOrders(bed, accounts, { orders, resting: false, inFlight: IN_FLIGHT });
  await bed.close();
  return accounts[0]!;
}

async function seqOf(database: BenchDatabase, accountId: string): Promise<number> {
  const rows = await database.run<{ seq: string }>('SELECT seq FROM account_head WHERE account_id = $1', [
    accountId,
  ]);
  return Number(rows[0]?.seq);
}

interface Seconds {
  readonly ours: number;
  readonly bare: number;
}

/** With the snapshots up to `snapshotSeq` alone; in turn with the bare reads. */
async function measure(database: BenchDatabase, accountId: string, snapshotSeq: number): Promise<Seconds> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Each round leaves one of its own.
    await database.run('DELETE FROM snapshot WHERE account_id = $1 AND seq > $2', [accountId, snapshotSeq]);
    await requireSnapshot(database, accountId, snapshotSeq);
    bare.push(await readBare(database, accountId, snapshotSeq));
    ours.push(await recover(database, accountId));
  }
  return { ours: median(ours), bare: median(bare) };
}

async function requireSnapshot(database: BenchDatabase, accountId: string, seq: number): Promise<void> {
  const rows = await database.run<{ seq: string }>('SELECT seq FROM snapshot WHERE account_id = $1', [
    accountId,
  ]);
  if (rows.map((row) => Number(row.seq)).join() !== (seq === 0 ? '' : String(seq))) {
    throw new Error(`the snapshot at event ${String(seq)} is not the only one`);
  }
}

async function recover(database: BenchDatabase, accountId: string): Promise<number> {
  const started = performance.now();
  const bed = await startEngineBed(database, ONLY_AT_ITS_END);
  await placeOrders(bed, [accountId], { orders: 1, resting: false, inFlight: 1 });
  const seconds = (performance.now() - started) / 1_000;
  await bed.close();
  return seconds;
}

async function readBare(database: BenchDatabase, accountId: string, afterSeq: number): Promise<number> {
  const client = new Client({ connectionString: database.writerUrl });
  const started = performance.now();
  await client.connect();
  try {
    await client.query('SELECT state FROM snapshot WHERE account_id = $1 AND seq <= $2', [
      accountId,
      afterSeq,
    ]);
    for (let after = afterSeq; ; after += PAGE_ROWS) {
      const { rows } = await client.query({
        name: 'page',
        text: 'SELECT * FROM journal_event WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
        values: [accountId, after, PAGE_ROWS],
      });
      if (rows.length < PAGE_ROWS) return (performance.now() - started) / 1_000;
    }
  } finally {
    await client.end();
  }
}
