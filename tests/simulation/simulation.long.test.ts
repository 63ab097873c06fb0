import { describe, expect, it } from '@jest/globals';

import { runSimulation } from './run-process.ts';

/** SIMULATION_MINUTES (10) for each of two processes; SIMULATION_FROM is the first seed. */
const MINUTES = Number(process.env['SIMULATION_MINUTES'] ?? '10');
const FROM = Number(process.env['SIMULATION_FROM'] ?? '1000000');
const APART = 100_000_000;

describe('the order path under every fault that can be simulated', () => {
  it(
    `keeps its promises for ${String(MINUTES)} minutes`,
    async () => {
      const runs = await Promise.all(
        [FROM, FROM + APART].map((from) => runSimulation({ from, minutes: MINUTES })),
      );
      for (const { code, output } of runs) {
        process.stdout.write(output);
        expect(code).toBe(0);
      }
    },
    MINUTES * 60_000 + 120_000,
  );
});
