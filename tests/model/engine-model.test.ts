import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { apply } from '../../core/engine/apply.ts';
import { createAccountState } from '../../core/engine/initial-state.ts';
import { snapshotState } from '../../core/engine/snapshot.ts';
import { AccountUnderTest } from './account-under-test.ts';
import {
  cancelling,
  type ModelCommand,
  placing,
  placingAgain,
  quoting,
  replacing,
} from './client-commands.ts';
import { answering, lookingUp, missing, recovering, resolving, resubmitting } from './doubt-commands.ts';
import { ReferenceModel } from './reference-model.ts';
import { connecting, passing, restarting, transferring, unblocking } from './surroundings-commands.ts';
import { hearingAccepted, hearingAgain, hearingAnything, hearingFills } from './venue-commands.ts';

/**
 * The engine against a reference model of one account, under up to 60 random commands of clients, venue,
 * operators and time, compared in everything that the model knows after each of them.
 *
 * MODEL_RUNS=100000 runs that many. A failure prints seed, path and replayPath; to run it again:
 *   MODEL_SEED=<seed> MODEL_PATH=<path> MODEL_REPLAY_PATH=<replayPath> npm test -- tests/model
 */
const MOST_MINUTES = 60;
const { MODEL_RUNS, MODEL_SEED, MODEL_PATH, MODEL_REPLAY_PATH } = process.env;

/** How often each comes: orders have to live long enough for much to happen to them. */
const WEIGHTS = [
  [4, placing],
  [1, placingAgain],
  [5, replacing],
  [2, cancelling],
  [2, quoting],
  [5, hearingAccepted],
  [6, hearingFills],
  [6, hearingAnything],
  [2, hearingAgain],
  [3, answering],
  [2, lookingUp],
  [1, missing],
  [1, resubmitting],
  [1, recovering],
  [1, resolving],
  [1, passing],
  [1, connecting],
  [1, transferring],
  [1, unblocking],
  [1, restarting],
] as const;

const anyCommands = fc.commands(
  WEIGHTS.flatMap(([weight, command]) =>
    Array.from({ length: weight }, (): fc.Arbitrary<ModelCommand> => command),
  ),
  {
    maxCommands: 60,
    size: 'max',
    ...(MODEL_REPLAY_PATH === undefined ? {} : { replayPath: MODEL_REPLAY_PATH }),
  },
);

/** Of an account that has seen nothing but the beginning of its first day. */
const modelOf = (account: AccountUnderTest): ReferenceModel => {
  const model = new ReferenceModel();
  model.now = account.engine.now;
  const [bid, ask] = [parseDecimal('99.99'), parseDecimal('100.01')];
  for (const symbol of ['AAPL', 'SPX']) model.quotes.set(symbol, { bid, ask, last: null });
  account.run({ kind: 'clockTicked' });
  model.tick();
  return model;
};

/** The same steps for another account, which goes on from a snapshot before one of them. */
const repeat = ({ script }: AccountUnderTest, restartBefore: number): AccountUnderTest => {
  const account = new AccountUnderTest();
  for (const [index, step] of script.entries()) {
    if (index === restartBefore % script.length) account.restart();
    account.perform(step);
  }
  return account;
};

describe('an account beside its reference model', () => {
  it(
    'agrees after every command, replays from its journal, and goes on from any snapshot',
    () => {
      fc.assert(
        fc.property(anyCommands, fc.nat(59), (commands, restartBefore) => {
          const account = new AccountUnderTest();
          fc.modelRun(() => ({ model: modelOf(account), real: account }), commands);
          const { state, journal } = account.engine;
          const end = snapshotState(state);
          expect(snapshotState(journal.reduce(apply, createAccountState('A1')))).toBe(end);
          const restarted = repeat(account, restartBefore);
          expect(snapshotState(restarted.engine.state)).toBe(end);
          expect(restarted.engine.journal).toHaveLength(journal.length);
        }),
        {
          numRuns: Number(MODEL_RUNS ?? 1_000),
          ...(MODEL_SEED === undefined ? {} : { seed: Number(MODEL_SEED) }),
          ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
        },
      );
    },
    MOST_MINUTES * 60_000,
  );
});
