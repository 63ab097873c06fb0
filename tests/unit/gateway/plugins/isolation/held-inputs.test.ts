import { describe, expect, it } from '@jest/globals';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import fc from 'fast-check';

import { HeldInputs } from '../../../../../gateway/plugins/isolation/held-inputs.ts';

const numbered = (from: number, count: number): StrategyInput[] =>
  Array.from({ length: count }, (_, index): StrategyInput => ({ kind: 'start', at: from + index }));

describe('inputs that a strategy holds', () => {
  it('are those that a list cut and copied at each step would hold', () => {
    const step = fc.record({
      kept: fc.double({ min: 0, max: 1, noNaN: true }),
      more: fc.nat(40),
      taken: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const held = new HeldInputs();
        let plain: readonly StrategyInput[] = [];
        let sent = 0;
        for (const { kept, more, taken } of steps) {
          const keeps = kept < 0.7 ? plain.length : Math.floor(plain.length * (kept - 0.7));
          const added = numbered(sent, more);
          sent += more;
          held.add(keeps, added);
          plain = [...plain.slice(0, keeps), ...added];
          expect(held.inputs.slice(held.first)).toEqual(plain);
          const count = Math.floor(plain.length * taken);
          held.take(count);
          plain = plain.slice(count);
        }
      }),
    );
  });

  it('do not grow with what was taken', () => {
    const held = new HeldInputs();
    let most = 0;
    for (let at = 0; at < 10_000; at += 10) {
      held.add(100, numbered(at, 10));
      held.take(10);
      most = Math.max(most, held.inputs.length);
    }
    expect(most).toBeLessThan(50);
  });
});
