import { describe, expect, it } from '@jest/globals';

import { MUTANTS } from './mutants/mutants.ts';
import { runSimulation } from './run-process.ts';

const SEEDS = 10_000;

/** A simulation that finds nothing proves nothing: each of these defects breaks a promise. */
describe('the simulation finds', () => {
  it.each(Object.keys(MUTANTS))(
    '%s',
    async (mutant) => {
      const { code, output } = await runSimulation({ from: 1, seeds: SEEDS, mutant });
      expect(output).toMatch(/^seed \d+ breaks a promise: /m);
      expect(code).toBe(1);
    },
    600_000,
  );
});
