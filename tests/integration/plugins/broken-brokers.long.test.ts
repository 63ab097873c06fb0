import { afterEach, describe, expect, it } from '@jest/globals';
import { brokerConformance } from '@omniquant/plugin-sdk/testing';

import fixture from '../../../plugins/sdk/templates/broker/src/fixture.ts';
import { BROKEN, BROKEN_BROKERS } from '../../support/plugins/broken-broker-cases.ts';
import { LEAKS } from '../../support/plugins/broker-fault.ts';

/** What cannot help but fail others too. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  // The stream is not there yet when something is said on it.
  readyTooSoon: ['B24'],
  // Asked for nine fills after gaps, it has four.
  readsOnePage: ['B38'],
  // These calls end with an answer that is none.
  failureIsNothing: ['B43'],
  failureIsEmpty: ['B43'],
};

describe('a broken broker fails at the case of its fault, and at no other but the random run', () => {
  afterEach(() => {
    for (const timer of LEAKS.splice(0)) clearInterval(timer);
  });

  it.each(BROKEN)('%s at %s', async (name, number) => {
    const impatient = { ...fixture, patienceMs: 2_500, silenceMs: 2_500 };
    const failed: string[] = [];
    for (const each of brokerConformance(BROKEN_BROKERS[name], impatient, { seed: 'tests' })) {
      await each.run().catch(() => failed.push(each.number));
    }
    expect(failed).toContain(number);
    const others = failed.filter((each) => each !== number && each !== 'B44');
    expect(others.filter((each) => ALSO[name]?.includes(each) !== true)).toEqual([]);
  });
});
