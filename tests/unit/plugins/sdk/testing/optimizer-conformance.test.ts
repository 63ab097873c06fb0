import { describe, expect, it } from '@jest/globals';
import type { OptimizerDefinition } from '@omniquant/plugin-sdk';
import { ConformanceError, optimizerConformance } from '@omniquant/plugin-sdk/testing';

import * as broken from '../../../../support/plugins/broken-optimizers.ts';

/** Numbers of the cases that it fails, with why. */
async function failures(definition: OptimizerDefinition, badConfigs: readonly unknown[] = []) {
  const failed = new Map<string, string>();
  for (const { number, run } of optimizerConformance(definition, { badConfigs })) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ConformanceError)) throw error;
      expect(error.number).toBe(number);
      failed.set(number, error.message);
    }
  }
  return failed;
}

it('a sound optimizer passes', async () => {
  expect(await failures(broken.inOrder, [{ period: 'long' }, { length: 3 }])).toEqual(new Map());
});

describe('a broken optimizer fails at the case of its fault', () => {
  it.each<[keyof typeof broken, string, RegExp]>([
    ['losesNames', 'O4', /weighs .*BRK\.B/],
    ['needsTwo', 'O5', /is NaN/],
    ['comparesPairs', 'O6', /is NaN/],
    ['fearsStillness', 'O7', /is NaN/],
    ['fearsWidth', 'O8', /Matrix is singular/],
    ['readsBeyond', 'O9', /answer null/],
    ['favoursTheFirst', 'O11', /another order/],
    ['remembers', 'O13', /after another input|made anew/],
    ['sortsItsInput', 'O14', /changed the input/],
    ['hopesForTheBest', 'O15', /0\.6 each/],
    ['throwsDice', 'O16', /Math\.random/],
  ])('%s at %s alone', async (name, number, why) => {
    const failed = await failures(broken[name]);
    expect([...failed.keys()]).toEqual([number]);
    expect(failed.get(number)).toMatch(why);
  });

  // What these get wrong shows wherever there are weights, bounds or prices of a certain size.
  it.each<[keyof typeof broken, readonly string[], RegExp]>([
    ['leverages', ['O2', 'O3', 'O5', 'O6', 'O8'], /sum to 1\.(5|49)/],
    ['ignoresBounds', ['O3'], /0\.\d+ to 0\.\d+/],
    ['countsCents', ['O10', 'O12'], /very small/],
    ['weighsByPrice', ['O10', 'O12'], /very small/],
  ])('%s at %j', async (name, numbers, why) => {
    const failed = await failures(broken[name]);
    expect([...failed.keys()]).toEqual(numbers);
    expect(failed.get(numbers[0]!)).toMatch(why);
  });

  it('takesAnything at O1, when it is told what is to be refused', async () => {
    const failed = await failures(broken.takesAnything, [{ period: -1 }]);
    expect([...failed]).toEqual([['O1', expect.stringContaining('takes the config {"period":-1}')]]);
  });
});
