import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { applyFill, emptyPosition } from '../../../../core/portfolio/apply-fill.ts';
import type { Position } from '../../../../core/portfolio/position.ts';
import { ShownHoldings } from '../../../../core/strategies/shown-holdings.ts';

const SYMBOLS = ['A', 'B', 'C'];

const fill = (holdings: Map<string, Position>, symbol: string, units: number, price: string): void => {
  const position = holdings.get(symbol) ?? emptyPosition(symbol, 'USD', parseDecimal('1'));
  holdings.set(symbol, position);
  const side = units > 0 ? 'BUY' : 'SELL';
  applyFill(position, side, parseDecimal(String(Math.abs(units))), parseDecimal(price));
};

const fills = fc.array(
  fc.record({
    symbol: fc.constantFrom(...SYMBOLS),
    units: fc.integer({ min: -3, max: 3 }).filter((units) => units !== 0),
    price: fc.constantFrom('9.5', '10', '10.01'),
    isLookedAt: fc.boolean(),
  }),
  { maxLength: 30 },
);

describe('holdings as a strategy is shown them', () => {
  it('are after any fills what they would be if they were all looked at anew', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const holdings = new Map<string, Position>();
        const kept = new ShownHoldings(holdings);
        for (const { isLookedAt, price, symbol, units } of all) {
          fill(holdings, symbol, units, price);
          kept.touch(symbol);
          if (!isLookedAt) continue;
          const anew = new ShownHoldings(holdings);
          expect(kept.positions).toEqual(anew.positions);
          expect(kept.realizedPnl).toBe(anew.realizedPnl);
        }
      }),
    );
  });

  it('leave out what is not held, and keep what it brought', () => {
    const holdings = new Map<string, Position>();
    const shown = new ShownHoldings(holdings);
    fill(holdings, 'A', 2, '10');
    fill(holdings, 'B', -1, '9.5');
    fill(holdings, 'A', -2, '10.01');
    for (const symbol of SYMBOLS) shown.touch(symbol);
    expect(shown.positions).toEqual([{ symbol: 'B', quantity: '-1', averagePrice: 9.5 }]);
    expect(shown.realizedPnl).toBe(0.02);
  });

  it('are the same list until a position is another', () => {
    const holdings = new Map<string, Position>();
    fill(holdings, 'A', 1, '10');
    const shown = new ShownHoldings(holdings);
    const before = shown.positions;
    shown.touch('A');
    shown.touch('B');
    expect(shown.positions).toBe(before);
    fill(holdings, 'A', 1, '10');
    shown.touch('A');
    expect(shown.positions).not.toBe(before);
    expect(shown.positions).toEqual([{ symbol: 'A', quantity: '2', averagePrice: 10 }]);
  });
});
