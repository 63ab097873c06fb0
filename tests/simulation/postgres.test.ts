import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import { toRecord } from '../../gateway/database/order-text.ts';
import type { StoredAccount } from '../support/memory-store.ts';
import { planOf } from './plan.ts';
import { openPostgresStages, type PostgresStage, type PostgresStages } from './postgres-store.ts';
import { simulate } from './simulation.ts';

const SEEDS = Number(process.env['SIMULATION_SQL_SEEDS'] ?? '15');
const signal = AbortSignal.timeout(600_000);

/** By the seeds of the simulation in memory; a failure names its seed: `npm run simulate -- --from <seed> --seeds 1`. */
describe('the same faults over PostgreSQL', () => {
  let stages: PostgresStages;
  beforeAll(async () => {
    stages = await openPostgresStages('w1');
  }, 120_000);
  afterAll(async () => {
    await stages.close();
  });

  it(`keep the promises with ${String(SEEDS)} seeds, and the tables are what was committed`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const stage = await stages.next();
      const { broken, trace } = await simulate(planOf(seed), stage);
      expect({ seed, broken: broken?.message, trace: broken === null ? [] : trace }).toEqual({
        seed,
        trace: [],
      });
      for (const account of stage.contents.accounts.values()) await compare(seed, stage, account);
    }
  }, 600_000);
});

async function compare(seed: number, stage: PostgresStage, account: StoredAccount): Promise<void> {
  const { accountId } = account;
  const read: JournaledEvent[] = [];
  // Reading checks numbers and hash chain against the head.
  for await (const page of stage.store.connect().journal.read(accountId, 0, signal)) read.push(...page);
  expect({ seed, events: read }).toEqual({
    seed,
    events: account.events.map((text) => JSON.parse(text) as JournaledEvent),
  });
  const rows = async (columns: string, table: string, order: string): Promise<Record<string, unknown>[]> =>
    await stage.sql.admin(
      `SELECT ${columns} FROM ${table} WHERE account_id = $1 ORDER BY ${order} COLLATE "C"`,
      [accountId],
    );
  const orders = await rows('terms, state, open', 'orders', 'id');
  const kept = [...account.orders.values()].toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
  expect(
    orders.map(({ terms, state, open }) => ({
      record: toRecord({ terms: String(terms), state: String(state) }, []),
      open,
    })),
  ).toEqual(kept);
  const fills = await rows('execution_id, quantity::text, price::text, busted', 'fill', 'execution_id');
  expect(fills).toEqual(
    [...account.fills.values()]
      .map(({ executionId, quantity, price, busted }) => ({
        execution_id: executionId,
        quantity,
        price,
        busted,
      }))
      .toSorted((a, b) => (a.execution_id < b.execution_id ? -1 : 1)),
  );
  const positions = await rows('symbol, quantity::text, cost::text', 'position', 'symbol');
  expect(positions).toEqual(
    [...account.positions.values()].map(({ symbol, quantity, cost }) => ({ symbol, quantity, cost })),
  );
  const balances = await rows('currency, total::text, fees::text', 'balance', 'currency');
  expect(balances).toEqual(
    [...account.balances.values()].map(({ currency, total, fees }) => ({ currency, total, fees })),
  );
}
