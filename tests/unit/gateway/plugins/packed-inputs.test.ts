import { describe, expect, it } from '@jest/globals';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import fc from 'fast-check';

import { packInputs, unpackInputs } from '../../../../gateway/plugins/isolation/packed-inputs.ts';

const time = fc.integer({ min: 0, max: 4e12 });
const price = fc.double({ noNaN: true });

const bar: fc.Arbitrary<StrategyInput> = fc
  .record({
    symbol: fc.constantFrom('AAPL', 'SPX', 'BTC-USD'),
    interval: fc.constantFrom('MINUTE_1' as const, 'DAY_1' as const),
    at: time,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: price,
  })
  .chain((made) =>
    fc.tuple(time, fc.boolean()).map(([at, isOutdated]) => ({
      ...{ kind: 'bar' as const, at, bar: made },
      ...(isOutdated && { isOutdated }),
    })),
  );

const other: fc.Arbitrary<StrategyInput> = fc.oneof(
  time.map((at) => ({ kind: 'start' as const, at })),
  time.map((at) => ({ kind: 'timer' as const, at, timer: { name: 'rebalance', at } })),
);

describe('inputs on their way to a worker', () => {
  it('arrive as they were sent, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bar, bar, other)), (inputs) => {
        expect(unpackInputs(structuredClone(packInputs(inputs)))).toEqual(inputs);
      }),
    );
  });
});
