import { describe, expect, it } from '@jest/globals';
import { type Fixed, formatDecimal, ONE, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import {
  averagePrice,
  emptyPosition,
  fillNotional,
  foldPosition,
  type PositionFill,
} from '../../../../core/portfolio/apply-fill.ts';

const AAPL = { symbol: 'AAPL', currency: 'USD', multiplier: ONE };

const fill = (side: 'BUY' | 'SELL', quantity: string, price: string): PositionFill => ({
  side,
  quantity: parseDecimal(quantity),
  price: parseDecimal(price),
});

const shown = (fills: readonly PositionFill[]): readonly string[] => {
  const { quantity, cost, realizedPnl } = foldPosition(AAPL, fills);
  return [quantity, cost, realizedPnl].map(formatDecimal);
};

const anyFill: fc.Arbitrary<PositionFill> = fc.record({
  side: fc.constantFrom('BUY', 'SELL'),
  quantity: fc.bigInt({ min: 1n, max: 10n ** 22n }),
  price: fc.bigInt({ min: 1n, max: 10n ** 22n }),
});

const signed = ({ side, quantity }: PositionFill): Fixed => (side === 'BUY' ? quantity : -quantity);

describe('a position', () => {
  it.each([
    ['opens', [fill('BUY', '10', '100')], ['10', '1000', '0']],
    ['averages', [fill('BUY', '10', '100'), fill('BUY', '30', '120')], ['40', '4600', '0']],
    ['closes a part at a gain', [fill('BUY', '10', '100'), fill('SELL', '4', '110')], ['6', '600', '40']],
    ['closes at a loss', [fill('BUY', '10', '100'), fill('SELL', '10', '90')], ['0', '0', '-100']],
    ['goes short', [fill('SELL', '10', '100')], ['-10', '-1000', '0']],
    ['covers a part', [fill('SELL', '10', '100'), fill('BUY', '4', '90')], ['-6', '-600', '40']],
    ['flips through zero', [fill('BUY', '10', '100'), fill('SELL', '15', '110')], ['-5', '-550', '100']],
    ['flips back', [fill('SELL', '5', '110'), fill('BUY', '8', '100')], ['3', '300', '50']],
  ] as const)('%s', (_name, fills, expected) => {
    expect(shown(fills)).toEqual(expected);
  });

  it('takes half-even shares of its cost, and with the last lot all that is left', () => {
    const third = [fill('BUY', '3', '33.333333333333333333'), fill('SELL', '1', '0'), fill('SELL', '1', '0')];
    expect(shown(third)).toEqual(['1', '33.333333333333333333', '-66.666666666666666666']);
    const cost = [fill('BUY', '0.000000000000000003', '0.5'), fill('SELL', '0.000000000000000001', '0')];
    // 1.5 units of the last place are 2 by half-even; a third of 2 is 1, by half-even.
    expect(shown(cost)).toEqual(['0.000000000000000002', '0.000000000000000001', '-0.000000000000000001']);
    expect(shown([...cost, fill('SELL', '0.000000000000000002', '0')])).toEqual([
      '0',
      '0',
      '-0.000000000000000002',
    ]);
  });

  it('never loses or makes money: realised PnL less cost is what was paid and received', () => {
    fc.assert(
      fc.property(
        fc.array(anyFill, { maxLength: 30 }),
        fc.bigInt({ min: 1n, max: 10n ** 21n }),
        (fills, multiplier) => {
          const position = foldPosition({ ...AAPL, multiplier }, fills);
          let paid = 0n;
          let quantity = 0n;
          for (const each of fills) {
            const notional = fillNotional(each.price, each.quantity, multiplier);
            paid += each.side === 'BUY' ? notional : -notional;
            quantity += signed(each);
          }
          expect(position.quantity).toBe(quantity);
          expect(position.realizedPnl - position.cost).toBe(-paid);
          if (quantity === 0n) expect(position.cost).toBe(0n);
        },
      ),
    );
  });

  it('has the average price of what is held, with the multiplier out of it', () => {
    const multiplier = parseDecimal('50');
    const position = foldPosition({ ...AAPL, multiplier }, [
      fill('SELL', '2', '4000'),
      fill('SELL', '1', '4003'),
    ]);
    expect(formatDecimal(averagePrice(position) ?? 0n)).toBe('4001');
    expect(averagePrice(emptyPosition('AAPL', 'USD', ONE))).toBeNull();
  });
});
