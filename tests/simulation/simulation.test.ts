import { describe, expect, it } from '@jest/globals';

import { runSimulation } from './run-process.ts';

const SEEDS = 5_000;
const PROCESSES = 2;

/** A failure prints its seed, a minimal run and the command that shows it again. */
describe('the order path under every fault that can be simulated', () => {
  it(`keeps its promises with ${String(SEEDS)} seeds`, async () => {
    const seeds = SEEDS / PROCESSES;
    const runs = await Promise.all(
      Array.from({ length: PROCESSES }, (_, index) => runSimulation({ from: 1 + index * seeds, seeds })),
    );
    for (const { code, output } of runs) {
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining(`"seeds":${String(seeds)}`),
      });
    }
  }, 600_000);

  it('runs the same again from the same seed', async () => {
    const [one, two] = await Promise.all([
      runSimulation({ from: 7, seeds: 5 }),
      runSimulation({ from: 7, seeds: 5 }),
    ]);
    const digest = /"digest":"\w+"/;
    expect(digest.exec(one.output)?.[0]).toBeDefined();
    expect(digest.exec(one.output)?.[0]).toBe(digest.exec(two.output)?.[0]);
  }, 60_000);
});
