import { expect, it } from '@jest/globals';

import { createAccountState } from '../../../../core/engine/initial-state.ts';
import { watchMarketTime } from '../../../../core/runtime/market-time-watch.ts';

const HOUR = 3_600_000;

it('finds accounts more than an hour ahead of their market, and logs each once as long as it is', () => {
  const logged: unknown[] = [];
  const states = ['one', 'two'].map((id) => createAccountState(id));
  const actors = states.map((state) => ({
    ...{ phase: 'open' as const, state, entry: { accountId: state.accountId } },
  }));
  let market = 0;
  const watch = watchMarketTime({ log: (_level, _text, details) => void logged.push(details) }, () => market);
  const [one, two] = states;
  if (one === undefined || two === undefined) throw new Error('there are two');
  one.at = 10 * HOUR + 1;
  two.at = 10 * HOUR;

  // Not known yet: nothing can be said.
  expect(watch(actors)).toEqual([]);
  market = 9 * HOUR;
  const ahead = [{ accountId: 'one', accountAt: 10 * HOUR + 1, marketAt: 9 * HOUR }];
  expect(watch(actors)).toEqual(ahead);
  expect(watch(actors)).toEqual(ahead);
  const details = {
    ...{ account: 'one', accountTime: '1970-01-01T10:00:00.001Z', marketTime: '1970-01-01T09:00:00.000Z' },
  };
  expect(logged).toEqual([details]);

  market = 10 * HOUR;
  expect(watch(actors)).toEqual([]);
  one.at = 12 * HOUR;
  expect(watch(actors)).toHaveLength(1);
  expect(logged).toHaveLength(2);
});
