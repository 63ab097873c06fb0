import type { QueryConfig } from 'pg';

import type { ConnectionPool } from '../../gateway/database/connection-pool.ts';
import type { Bench } from './bench.ts';
import { type BenchDatabase, openBenchDatabase } from './load/bench-database.ts';
import { startEngineBed } from './load/engine-bed.ts';
import { type OrderLoad, placeOrders } from './load/place-orders.ts';
import { median } from './median.ts';

const ACCOUNTS = 64;
const ROUNDS = 3;
const REFERENCE = 'the same statements with the same rows on one connection, without the engine';

interface Case extends Omit<OrderLoad, 'orders'> {
  readonly name: string;
  readonly accounts: number;
}

const CASES: readonly Case[] = [
  { name: 'resting', accounts: ACCOUNTS, resting: true, inFlight: 8 },
  { name: 'lifecycles', accounts: ACCOUNTS, resting: false, inFlight: 8 },
  { name: 'one-account', accounts: 1, resting: false, inFlight: 200 },
];

/** Through core/runtime to PostgreSQL and back, without HTTP. */
export const orderPathEngine: Bench = {
  name: 'order-path-engine',
  async *run({ quick }) {
    const orders = quick ? 3_000 : 40_000;
    const database = await openBenchDatabase();
    try {
      const accounts = await warmUp(database, orders);
      for (const each of CASES) {
        const rounds = await measure(database, accounts, { ...each, orders });
        const rate = median(rounds.map(({ ours }) => ours));
        yield {
          name: each.name,
          value: rate,
          unit: 'orders/s',
          ratio: rate / median(rounds.map(({ bare }) => bare)),
          reference: REFERENCE,
        };
      }
    } finally {
      await database.close();
    }
  },
};

interface Rates {
  readonly ours: number;
  readonly bare: number;
}

/** Both in turn, several times: what disturbs the machine then disturbs both. */
async function measure(
  database: BenchDatabase,
  accounts: readonly string[],
  each: Case & OrderLoad,
): Promise<readonly Rates[]> {
  const rounds: Rates[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await database.copy();
    const { ms, appends, from } = await run(database, accounts, each);
    rounds.push({
      ours: (each.orders * 1_000) / ms,
      bare: (each.orders * 1_000) / (await replay(database, appends, from)),
    });
  }
  return rounds;
}

/** Opens the accounts and has the code compiled. */
async function warmUp(database: BenchDatabase, orders: number): Promise<readonly string[]> {
  const pool = database.writer();
  const bed = await startEngineBed(database, { pool });
  const accounts = await bed.openAccounts(ACCOUNTS);
  await bed.ready(accounts);
  for (const resting of [true, false]) {
    await placeOrders(bed, accounts, { resting, inFlight: 8, orders });
  }
  await bed.close();
  await pool.close();
  return accounts;
}

interface Run {
  readonly ms: number;
  /** Everything that was appended, the orders' from `from` on. */
  readonly appends: readonly QueryConfig[];
  readonly from: number;
}

async function run(
  database: BenchDatabase,
  accounts: readonly string[],
  load: Case & OrderLoad,
): Promise<Run> {
  const writer = database.writer();
  const { pool, appends } = recording(writer);
  const bed = await startEngineBed(database, { pool });
  await bed.ready(accounts);
  const from = appends.length;
  const started = performance.now();
  await placeOrders(bed, accounts.slice(0, load.accounts), load);
  const ms = performance.now() - started;
  const until = appends.length;
  await bed.close();
  await writer.close();
  return { ms, appends: appends.slice(0, until), from };
}

const APPEND_NAME = 'journal-append';

/** Keeps what is appended, to send the same again. */
function recording(pool: ConnectionPool): {
  readonly pool: ConnectionPool;
  readonly appends: readonly QueryConfig[];
} {
  const appends: QueryConfig[] = [];
  return {
    appends,
    pool: {
      ...pool,
      query(statement, signal) {
        if (statement.name === APPEND_NAME) appends.push(statement);
        return pool.query(statement, signal);
      },
    },
  };
}

/**
 * Sends the recorded appends to the copy of the database, over one connection; answers with the
 * milliseconds that those from `from` on took.
 */
async function replay(
  database: BenchDatabase,
  appends: readonly QueryConfig[],
  from: number,
): Promise<number> {
  const client = await database.openCopy();
  try {
    for (const append of appends.slice(0, from)) await client.query(append);
    const started = performance.now();
    for (const append of appends.slice(from)) {
      const { rows } = await client.query<{ passed: string[] }>(append);
      if (rows[0]?.passed.length === 0) {
        throw new Error('the reference was fenced off: it does not do the same');
      }
    }
    return performance.now() - started;
  } finally {
    await client.end();
  }
}
