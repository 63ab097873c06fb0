import { randomUUID } from 'node:crypto';

import type { Bench, Figure } from './bench.ts';
import { type BenchGateway, openAccounts } from './load/bench-gateway.ts';
import { runLoad } from './load/http-load.ts';
import { placingClients } from './load/placing-clients.ts';
import { median } from './median.ts';

/** Few enough that orders do not queue for the processor: what is measured is the disturbance. */
const CLIENTS = 4;
const UNRULY = ['blocks', 'leaks-buffers', 'leaks-heap', 'throws', 'exits'] as const;
/** Of those, in a quick run. */
const QUICK_UNRULY = 2;

const START = 'mutation ($input: StartStrategyInput!) { startStrategy(input: $input) { id } }';
const STOP = 'mutation ($id: ID!) { stopStrategy(id: $id) { id } }';

/**
 * The 99th percentile of placeOrder without strategies, beside one in a worker, and beside strategies that
 * misbehave: each begins again as often as its policy lets it.
 */
export const strategyIsolation: Bench = {
  name: 'strategy-isolation',
  async *run({ quick, gateway: shared }) {
    const gateway = await shared();
    const [own = '', ...accounts] = await openAccounts(gateway, CLIENTS + 1);
    const unruly = quick ? UNRULY.slice(0, QUICK_UNRULY) : UNRULY;
    yield* measure({ gateway, own, accounts, unruly, ...(quick ? QUICK : FULL) });
  },
};

interface Setting {
  readonly gateway: BenchGateway;
  /** The account of the strategies. */
  readonly own: string;
  readonly accounts: readonly string[];
  readonly unruly: readonly string[];
  readonly seconds: number;
  /** For the strategies to begin. */
  readonly warmUpSeconds: number;
  /** Where none is to begin: for those of the round before to be gone. */
  readonly pauseSeconds: number;
  readonly rounds: number;
}

const QUICK = { seconds: 1, warmUpSeconds: 0.8, pauseSeconds: 0.2, rounds: 1 };
const FULL = { seconds: 15, warmUpSeconds: 2, pauseSeconds: 2, rounds: 3 };

async function* measure(setting: Setting): AsyncIterable<Figure> {
  await p99Beside(setting, []);
  const rounds = Array.from({ length: setting.rounds }, (_, index) => index);
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number): void => {
    times.set(name, [...(times.get(name) ?? []), ms]);
  };
  for (const _ of rounds) {
    note('none', await p99Beside(setting, []));
    note('one', await p99Beside(setting, ['steady']));
    for (const id of setting.unruly) note(id, await p99Beside(setting, ['steady', id]));
  }
  const p99 = (name: string): number => median(times.get(name) ?? []);
  const none = { reference: 'the same load without strategies', against: p99('none') };
  const beside = { reference: 'the same load beside a strategy that behaves; target 2', against: p99('one') };
  for (const [name, { against, reference }] of [
    ['one', none],
    ...setting.unruly.map((id) => [id, beside] as const),
  ] as const) {
    yield { name: `${name}-p99`, value: p99(name), unit: 'ms', ratio: p99(name) / against, reference };
  }
}

async function p99Beside(
  { accounts, gateway, own, pauseSeconds, seconds, warmUpSeconds }: Setting,
  ids: readonly string[],
): Promise<number> {
  const started: string[] = [];
  for (const strategy of ids) {
    const input = { accountId: own, strategy, symbols: ['AAPL'], interval: 'SECOND_1' };
    const { startStrategy } = await gateway.graphql<{ startStrategy: { id: string } }>(START, { input });
    started.push(startStrategy.id);
  }
  const result = await runLoad({
    ...{ url: `${gateway.address}/graphql`, headers: { authorization: gateway.authorization } },
    ...{ seconds, warmUpSeconds: ids.length === 0 ? pauseSeconds : warmUpSeconds },
    ...placingClients(accounts, randomUUID()),
  });
  if (result.bad > 0) throw new Error(`orders were not placed, the first: ${result.firstBad ?? ''}`);
  for (const id of started) await gateway.graphql(STOP, { id });
  return result.p99Ms;
}
