import { describe, expect, it } from '@jest/globals';
import { max } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { isOpen } from '../../../../core/orders/status.ts';
import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';
import { checkInvariants } from '../../../support/engine-invariants.ts';
import { FaithfulVenue } from '../../../support/faithful-venue.ts';

interface Step {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('arrive', 'arrive', 'hear', 'hear', 'trade', 'trade', 'move', 'tick', 'cancel'),
  a: fc.nat(20),
  b: fc.nat(20),
});

const bracketIn = (replace: boolean): EngineFixture => {
  const engine = new EngineFixture();
  engine.capabilities = { ...engine.capabilities, replace };
  engine.place(LIMIT('AAPL', 'BUY', '10', '100'), {
    orderId: 'e',
    takeProfitId: 'tp',
    stopLossId: 'sl',
    takeProfit: { limitPrice: '110' },
    stopLoss: { stopPrice: '95', limitPrice: null, trailingOffset: null, trailingOffsetType: null },
  });
  return engine;
};

const run = (engine: EngineFixture, venue: FaithfulVenue, { kind, a, b }: Step): void => {
  switch (kind) {
    case 'arrive':
      venue.arrive();
      break;
    case 'hear':
      venue.hear();
      break;
    case 'trade':
      venue.trade(a, 1 + (b % 6));
      break;
    case 'move':
      engine.now += 1_000;
      engine.quote('AAPL', String(93 + (a % 10)), String(93 + (a % 10)));
      engine.run({ kind: 'marketMoved', symbols: ['AAPL'] });
      break;
    case 'tick':
      engine.run({ kind: 'clockTicked' });
      break;
    default:
      // Seldom: the owner lets go of the entry.
      if (a === 0) engine.run({ kind: 'cancelOrder', orderId: 'e', reason: null });
  }
  venue.collect();
};

/** What the entry has opened and the legs have not closed. */
const heldBy = (engine: EngineFixture): bigint => {
  const [entry, profit, stop] = ['e', 'tp', 'sl'].map((id) => engine.order(id));
  return (entry?.filledQuantity ?? 0n) - (profit?.filledQuantity ?? 0n) - (stop?.filledQuantity ?? 0n);
};

describe('a bracket at a faithful venue', () => {
  it('never closes more than it has opened, whatever crosses on the way', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, replace) => {
        const engine = bracketIn(replace);
        const venue = new FaithfulVenue(engine);
        venue.collect();
        for (const each of steps) {
          run(engine, venue, each);
          checkInvariants(engine.state);
          expect(heldBy(engine)).toBeGreaterThanOrEqual(0n);
          // What may trade at the venue at this very moment, and what the stop would send.
          expect(venue.leavesOf('tp') + venue.leavesOf('sl')).toBeLessThanOrEqual(10n ** 19n);
          const stop = engine.order('sl');
          if (stop.heldFor === 'EMULATED_TRIGGER' && !stop.sent && isOpen(stop)) {
            expect(stop.quantity ?? 0n).toBeLessThanOrEqual(max(heldBy(engine), 0n));
          }
        }
        expect(engine.alerts()).not.toContain('BRACKET_BOTH_FILLED');
      }),
      { numRuns: 100 },
    );
  });

  it('has closed all of it once the stop has gone off and everything has arrived', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, replace) => {
        const engine = bracketIn(replace);
        const venue = new FaithfulVenue(engine);
        venue.collect();
        for (const each of steps) run(engine, venue, each);
        venue.settle();
        engine.quote('AAPL', '90', '90');
        engine.run({ kind: 'marketMoved', symbols: ['AAPL'] });
        for (let round = 0; round < 8; round += 1) {
          venue.settle();
          engine.run({ kind: 'clockTicked' });
          venue.settle();
          // The market takes whatever is sold.
          if (venue.leavesOf('sl') > 0n) venue.trade(0, 100);
        }
        venue.settle();
        const entry = engine.order('e');
        if (entry.filledQuantity === 0n) return;
        expect([heldBy(engine), venue.leavesOf('tp'), venue.leavesOf('sl')]).toEqual([0n, 0n, 0n]);
        expect(engine.state.openOrderIds.size).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
