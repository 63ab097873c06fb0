import type { QueryConfig } from 'pg';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { ConnectionPool } from '../../gateway/database/connection-pool.ts';
import type { Bench } from './bench.ts';
import {
  type BenchDatabase,
  benchOrder,
  type EngineBed,
  openBenchDatabase,
  startEngineBed,
} from './load/engine-bed.ts';

const ACCOUNTS = 64;
/** Orders of one account that wait for their answers at a time. */
const IN_FLIGHT = 8;
const REFERENCE = 'the same statements with the same rows on one connection, without the engine';

interface Case {
  readonly name: string;
  readonly accounts: number;
  readonly resting: boolean;
  readonly inFlight: number;
}

const CASES: readonly Case[] = [
  { name: 'resting', accounts: ACCOUNTS, resting: true, inFlight: IN_FLIGHT },
  { name: 'lifecycles', accounts: ACCOUNTS, resting: false, inFlight: IN_FLIGHT },
  { name: 'one-account', accounts: 1, resting: false, inFlight: 200 },
];

/** Through core/runtime to PostgreSQL and back, without HTTP. */
export const orderPathEngine: Bench = {
  name: 'order-path-engine',
  async *run({ quick }) {
    for (const each of CASES) {
      const { rate, referenceRate } = await measure(each, quick ? 20_000 : 100_000);
      yield {
        name: each.name,
        value: rate,
        unit: 'orders/s',
        ratio: rate / referenceRate,
        reference: REFERENCE,
      };
    }
  },
};

async function measure(
  each: Case,
  orders: number,
): Promise<{ readonly rate: number; readonly referenceRate: number }> {
  const database = await openBenchDatabase();
  try {
    const accounts = await warmUp(database, each, Math.floor(orders / 4));
    await database.copy();
    const { pool, recorded } = recording(database.writer());
    const bed = await startEngineBed(pool, database.adminUrl);
    await bed.ready(accounts);
    const before = recorded.length;
    const started = performance.now();
    await place(bed, accounts, each, orders);
    const rate = (orders * 1_000) / (performance.now() - started);
    await bed.close();
    return { rate, referenceRate: (orders * 1_000) / (await replay(database, recorded, before)) };
  } finally {
    await database.close();
  }
}

async function warmUp(database: BenchDatabase, each: Case, orders: number): Promise<readonly string[]> {
  const pool = database.writer();
  const bed = await startEngineBed(pool, database.adminUrl);
  const accounts = await bed.openAccounts(each.accounts);
  await bed.ready(accounts);
  await place(bed, accounts, each, orders);
  await bed.close();
  await pool.close();
  return accounts;
}

const APPEND_NAME = 'journal-append';

/** Ends when every order has been acknowledged and, where it fills, its fill is durable. */
async function place(bed: EngineBed, accounts: readonly string[], each: Case, orders: number): Promise<void> {
  const share = Math.ceil(orders / accounts.length);
  let filled = 0;
  let allFilled: () => void = () => undefined;
  const fills = new Promise<void>((resolve) => (allFilled = resolve));
  const expected = share * accounts.length;
  const stop = bed.runtime.onCommit((_account, events: readonly JournaledEvent[]) => {
    filled += events.filter(({ event }) => event.type === 'FILLED').length;
    if (filled >= expected) allFilled();
  });
  await Promise.all(accounts.map((account) => placeOn(bed, account, each, share)));
  if (!each.resting) await fills;
  stop();
}

async function placeOn(bed: EngineBed, accountId: string, each: Case, orders: number): Promise<void> {
  let sent = 0;
  const loop = async (): Promise<void> => {
    while (sent < orders) {
      sent += 1;
      const { result } = await bed.runtime.execute(accountId, benchOrder(each.resting, sent), {
        actor: 'user:bench',
        correlationId: 'bench',
        traceparent: null,
        deadline: Date.now() + 30_000,
      });
      if (result.kind !== 'orderPlaced') throw new Error(`not placed: ${JSON.stringify(result)}`);
    }
  };
  await Promise.all(Array.from({ length: each.inFlight }, loop));
}

/** Keeps what is appended, to send the same again. */
function recording(pool: ConnectionPool): {
  readonly pool: ConnectionPool;
  readonly recorded: QueryConfig[];
} {
  const recorded: QueryConfig[] = [];
  return {
    recorded,
    pool: {
      ...pool,
      query(statement, signal) {
        if (statement.name === APPEND_NAME) recorded.push(statement);
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
