import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { engineCommand, expectEqualEngines } from '../../../../support/venue/engine-commands.ts';

/** `BOOK_SEED=17 npm run test:long -- --testPathPatterns venue/book` repeats a run. */
const SEED = Number(process.env['BOOK_SEED'] ?? Date.now() % 2 ** 31);
const COMMANDS = 3_000_000;
const RUNS = 500;

describe('the matching engine and the naive one', () => {
  it(
    `are equal over ${COMMANDS.toLocaleString('en')} commands`,
    () => {
      process.stdout.write(`BOOK_SEED=${String(SEED)}\n`);
      let sent = 0;
      for (let round = 0; sent < COMMANDS; round += 1) {
        fc.assert(
          fc.property(fc.array(engineCommand, { minLength: 50, maxLength: 400, size: 'max' }), (commands) => {
            expectEqualEngines(commands);
            sent += commands.length;
          }),
          { numRuns: RUNS, seed: SEED + round },
        );
      }
      expect(sent).toBeGreaterThanOrEqual(COMMANDS);
    },
    60 * 60_000,
  );
});
