import { runSimulation } from '../simulation/run-process.ts';
import type { Bench } from './bench.ts';

interface Summary {
  readonly seeds: number;
  readonly seedsPerSecond: number;
}

/** Runs of the simulation in one process, from its start on: what a seed costs bounds how much is tried. */
export const simulation: Bench = {
  name: 'simulation',
  async *run({ quick }) {
    const { code, output } = await runSimulation({ from: 1, seeds: quick ? 100 : 3_000 });
    if (code !== 0) throw new Error(`the simulation failed: ${output}`);
    const { seeds, seedsPerSecond } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Summary;
    yield {
      name: 'seeds',
      value: seedsPerSecond,
      unit: 'seeds/s',
      ratio: null,
      reference: `${String(seeds)} seeds in one process`,
    };
  },
};
