import { describe, expect, it } from '@jest/globals';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { openingNotional, reservedByCurrency, reservedOf } from '../../../../core/risk/reservation.ts';
import { insertSorted, removeSorted } from '../../../../core/risk/sorted-prices.ts';
import { terms } from './defaults.ts';
import { createDesk } from './desk.ts';

const d = parseDecimal;
const opening = (quantity: string, notional: string, closable: string): string =>
  formatDecimal(openingNotional(d(quantity), d(notional), d(closable)));

describe('the part of a side that may open a position', () => {
  it('is what is left after closing, in proportion', () => {
    expect(opening('10', '1000', '0')).toBe('1000');
    expect(opening('10', '1000', '4')).toBe('600');
    expect(opening('10', '1000', '10')).toBe('0');
    expect(opening('10', '1000', '11')).toBe('0');
    expect(opening('0', '0', '5')).toBe('0');
  });

  it('is rounded up, so that no fraction is missing', () => {
    // 100 x 1 / 3
    expect(opening('3', '100', '2')).toBe('33.333333333333333334');
  });

  it('of a symbol is the larger side only', () => {
    const buy = { quantity: d('10'), notional: d('1000'), reduceOnlyQuantity: 0n };
    const sell = { quantity: d('12'), notional: d('1200'), reduceOnlyQuantity: 0n };
    expect(reservedOf(buy, sell, 0n)).toBe(d('1200'));
    expect(reservedOf(buy, sell, d('5'))).toBe(d('1000'));
    expect(reservedOf(buy, sell, d('-8'))).toBe(d('1200'));
  });
});

describe('what an account reserves', () => {
  it('is kept by currency', () => {
    const desk = createDesk();
    desk.instrument({ symbol: 'SAP', currency: 'EUR' });
    desk.quote('SAP', '50', '50');
    desk.quote('EUR/USD', '1.1', '1.1');
    desk.place(terms({ quantity: '10' }));
    desk.place(terms({ symbol: 'SAP', quantity: '10', limitPrice: '50' }));
    desk.place(terms({ symbol: 'SAP', side: 'SELL', quantity: '4', limitPrice: '60' }));
    expect(reservedByCurrency(desk.state)).toEqual(
      new Map([
        ['USD', d('1000')],
        ['EUR', d('500')],
      ]),
    );
  });

  it('is nothing for what only closes', () => {
    const desk = createDesk();
    desk.hold('AAPL', '10', '100');
    desk.place(terms({ side: 'SELL', quantity: '10' }));
    expect(reservedByCurrency(desk.state)).toEqual(new Map());
  });
});

describe('sorted prices', () => {
  it('stay sorted, and give back exactly what was put in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 20n })),
        fc.array(fc.nat({ max: 30 })),
        (added, removed) => {
          const prices: bigint[] = [];
          const model: bigint[] = [];
          for (const price of added) {
            insertSorted(prices, price);
            model.push(price);
          }
          for (const candidate of removed) {
            removeSorted(prices, BigInt(candidate));
            const index = model.indexOf(BigInt(candidate));
            if (index >= 0) model.splice(index, 1);
          }
          expect(prices).toEqual(model.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
        },
      ),
    );
  });
});
