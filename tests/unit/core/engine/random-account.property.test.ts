import { describe, expect, it } from '@jest/globals';
import type { BrokerCapabilities } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import { apply } from '../../../../core/engine/apply.ts';
import { createAccountState } from '../../../../core/engine/initial-state.ts';
import { restoreState, snapshotState } from '../../../../core/engine/snapshot.ts';
import { EngineFixture } from '../../../support/engine-fixture.ts';
import { checkFillLedger, checkInvariants, checkOwnFolds } from '../../../support/engine-invariants.ts';
import { runStep, SOME_CAPABILITIES } from '../../../support/random-engine-script.ts';
import { anyOperatorStep, anyStep } from '../../../support/random-step.ts';

const capabilities = fc.constantFrom(...SOME_CAPABILITIES);

const engineWith = (able: BrokerCapabilities, flatten: boolean): EngineFixture => {
  const engine = new EngineFixture();
  engine.capabilities = able;
  engine.settings = { ...engine.settings, flattenOnDailyLoss: flatten };
  return engine;
};

describe('an account under any commands, messages, quotes and ticks', () => {
  it('never throws, and its orders, reservations and money stay right at every step', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 60 }),
        capabilities,
        fc.boolean(),
        (steps, able, flatten) => {
          const engine = engineWith(able, flatten);
          for (const step of steps) {
            runStep(engine, step);
            checkInvariants(engine.state);
            checkFillLedger(engine.state);
          }
          checkOwnFolds(engine.state, engine.journal);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('keeps the money identity when operators take the broker’s figures over', () => {
    fc.assert(
      fc.property(fc.array(anyOperatorStep, { maxLength: 60 }), capabilities, (steps, able) => {
        const engine = engineWith(able, false);
        for (const step of steps) {
          runStep(engine, step);
          checkInvariants(engine.state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('replays to the same state, and goes on from a snapshot as if nothing had been', () => {
    fc.assert(
      fc.property(
        fc.array(anyOperatorStep, { maxLength: 40 }),
        fc.array(anyOperatorStep, { maxLength: 40 }),
        capabilities,
        (first, second, able) => {
          const engine = engineWith(able, true);
          const restarted = engineWith(able, true);
          for (const step of first) {
            runStep(engine, step);
            runStep(restarted, step);
          }
          restarted.state = restoreState(snapshotState(restarted.state));
          expect(snapshotState(restarted.state)).toBe(snapshotState(engine.state));
          for (const step of second) {
            runStep(engine, step);
            runStep(restarted, step);
          }
          expect(snapshotState(restarted.state)).toBe(snapshotState(engine.state));
          expect(restarted.journal).toEqual(engine.journal);
          const replayed = engine.journal.reduce(apply, createAccountState('A1'));
          expect(snapshotState(replayed)).toBe(snapshotState(engine.state));
        },
      ),
      { numRuns: 60 },
    );
  });
});
