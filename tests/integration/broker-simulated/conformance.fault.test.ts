import { describe, expect, it } from '@jest/globals';
import { simulated } from '@omniquant/broker-simulated';
import { brokerConformance } from '@omniquant/plugin-sdk/testing';

import { simulatedFixture } from '../../support/venue/simulated-fixture.ts';

/* Each case starts a venue process of its own. */
describe('the simulated broker on its venue', () => {
  for (const { number, run, title } of brokerConformance(simulated, simulatedFixture, { seed: 'tests' })) {
    it(`${number} ${title}`, async () => {
      // One connection serves all accounts.
      expect(await run()).toBe(number === 'B28' ? 'the broker is not exclusive' : null);
    });
  }
});
