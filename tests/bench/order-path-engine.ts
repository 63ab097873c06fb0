import type { QueryConfig } from 'pg';

import type { ConnectionPool } from '../../gateway/database/connection-pool.ts';
import type { Bench } from './bench.ts';
import { type BenchDatabase, openBenchDatabase } from './load/bench-database.ts';
import { startEngineBed } from './load/engine-bed.ts';
import { cancelOrders, type OrderLoad, placeOrders } from './load/place-orders.ts';
import { median } from './median.ts';

const ACCOUNTS = 64;
const ROUNDS = 3;
const REFERENCE = 'the same statements with the same rows on one connection, without the engine';

interface Case extends Omit<OrderLoad, 'orders'> {
  readonly name: string;
  readonly accounts: number;
}

const CASES: readonly Case[] = [
  { name: 'lifecycles', accounts: ACCOUNTS, resting: false, inFlight: 8 },
  { name: 'one-account', accounts: 1, resting: false, inFlight: 200 },
  { name: 'resting', accounts: ACCOUNTS, resting: true, inFlight: 8 },
];

/** Through core/runtime to PostgreSQL and back, without HTTP. */
export const orderPathEngine: Bench = {
  name: 'order-path-engine',
  async *run({ quick }) {
    const orders = quick ? 1_000 : 40_000;
    const database = await openBenchDatabase();
    try {
      const accounts = await warmUp(database, orders);
      const rounds: Rates[][] = [];
      while (rounds.length < ROUNDS) rounds.push(await measure(database, accounts, orders));
      for (const [index, { name }] of CASES.entries()) {
        const rates = rounds.map((round) => round[index]!);
        const rate = median(rates.map(({ ours }) => ours));
        const ratio = rate / median(rates.map(({ bare }) => bare));
        yield { name, value: rate, unit: 'orders/s', ratio, reference: REFERENCE };
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

/** All cases, then the same statements bare: in turn, so that what disturbs the machine disturbs both. */
async function measure(
  database: BenchDatabase,
  accounts: readonly string[],
  orders: number,
): Promise<Rates[]> {
  await database.copy();
  const { appends, runs } = await run(database, accounts, orders);
  const bare = await replay(database, appends, runs);
  return runs.map(({ ms }, index) => ({
    ours: (orders * 1_000) / ms,
    bare: (orders * 1_000) / bare[index]!,
  }));
}

/** Opens the accounts and has the code compiled. */
async function warmUp(database: BenchDatabase, orders: number): Promise<readonly string[]> {
  const pool = database.writer();
  const bed = await startEngineBed(database, { pool });
  const accounts = await bed.openAccounts(ACCOUNTS);
  await bed.ready(accounts);
  for (const resting of [true, false]) {
    await placeOrders(bed, accounts, { resting, inFlight: 8, orders });
    await cancelOrders(bed, accounts);
  }
  await bed.close();
  await pool.close();
  return accounts;
}

interface Run {
  readonly ms: number;
  /** Its appends among all, the last one excluded. */
  readonly from: number;
  readonly until: number;
}

interface Runs {
  readonly appends: readonly QueryConfig[];
  /** In the order of the cases. */
  readonly runs: readonly Run[];
}

async function run(database: BenchDatabase, accounts: readonly string[], orders: number): Promise<Runs> {
  const writer = database.writer();
  const { pool, appends } = recording(writer);
  const bed = await startEngineBed(database, { pool });
  await bed.ready(accounts);
  const runs: Run[] = [];
  for (const each of CASES) {
    const from = appends.length;
    const started = performance.now();
    await placeOrders(bed, accounts.slice(0, each.accounts), { ...each, orders });
    runs.push({ ms: performance.now() - started, from, until: appends.length });
  }
  const all = [...appends];
  // What rests would be in the way of the next round.
  await cancelOrders(bed, accounts);
  await bed.close();
  await writer.close();
  return { appends: all, runs };
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
 * milliseconds that those of each run took.
 */
async function replay(
  database: BenchDatabase,
  appends: readonly QueryConfig[],
  runs: readonly Run[],
): Promise<readonly number[]> {
  const client = await database.openCopy();
  const send = async (some: readonly QueryConfig[]): Promise<number> => {
    const started = performance.now();
    for (const append of some) {
      const { rows } = await client.query<{ passed: string[] }>(append);
      if (rows[0]?.passed.length === 0) {
        throw new Error('the reference was fenced off: it does not do the same');
      }
    }
    return performance.now() - started;
  };
  try {
    const times: number[] = [];
    let sent = 0;
    for (const { from, until } of runs) {
      await send(appends.slice(sent, from));
      times.push(await send(appends.slice(from, until)));
      sent = until;
    }
    return times;
  } finally {
    await client.end();
  }
}
