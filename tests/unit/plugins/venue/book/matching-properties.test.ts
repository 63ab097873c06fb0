import { describe, it } from '@jest/globals';
import fc from 'fast-check';

import { engineCommand, expectEqualEngines } from '../../../../support/venue/engine-commands.ts';

describe('the matching engine and the naive one', () => {
  it('cause the same events and come to the same state by any sequence of commands', () => {
    fc.assert(
      fc.property(fc.array(engineCommand, { maxLength: 150, size: 'max' }), (commands) => {
        expectEqualEngines(commands);
      }),
      { numRuns: 300 },
    );
  });
});
