import { describe, expect, it } from '@jest/globals';
import type { VenueInstrument } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { createInstrument, InstrumentError, isOnLot, isOnTick } from '../../../../core/market/instrument.ts';

const AAPL: VenueInstrument = {
  symbol: 'AAPL',
  name: 'Apple Inc.',
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  multiplier: '1',
  minQuantity: '1',
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: 'NASDAQ',
  calendar: 'US_EQUITY',
};

const errorOf = (described: VenueInstrument): InstrumentError => {
  try {
    createInstrument(described);
  } catch (error) {
    if (error instanceof InstrumentError) return error;
  }
  throw new Error('no InstrumentError was thrown');
};

describe('an instrument', () => {
  it('is read from decimal strings', () => {
    const instrument = createInstrument(AAPL);
    expect(instrument).toEqual({
      ...AAPL,
      tickSize: parseDecimal('0.01'),
      lotSize: parseDecimal('1'),
      multiplier: parseDecimal('1'),
      minQuantity: parseDecimal('1'),
      maxQuantity: null,
    });
  });

  it('says which prices and quantities it can have', () => {
    const instrument = createInstrument({ ...AAPL, tickSize: '0.05', lotSize: '100', minQuantity: '100' });
    expect(isOnTick(instrument, parseDecimal('10.05'))).toBe(true);
    expect(isOnTick(instrument, parseDecimal('10.06'))).toBe(false);
    expect(isOnTick(instrument, parseDecimal('-37.65'))).toBe(true);
    expect(isOnLot(instrument, parseDecimal('300'))).toBe(true);
    expect(isOnLot(instrument, parseDecimal('350'))).toBe(false);
  });

  it.each<[keyof VenueInstrument, Partial<VenueInstrument>, RegExp]>([
    ['symbol', { symbol: 'aapl' }, /"aapl": symbol is not canonical/],
    ['assetClass', { assetClass: 'STOCK' as 'EQUITY' }, /give one of EQUITY/],
    ['calendar', { calendar: 'LSE' as 'ALWAYS' }, /give one of US_EQUITY, ALWAYS/],
    ['currency', { currency: 'usd' }, /give a code such as USD/],
    ['tickSize', { tickSize: '0' }, /AAPL: tickSize is 0: give a value above zero/],
    ['tickSize', { tickSize: '1e-2' }, /tickSize is not a decimal/],
    ['lotSize', { lotSize: '-1' }, /lotSize is -1/],
    ['lotSize', { lotSize: '0.1' }, /lotSize is 0.1, but fractionable is false/],
    ['multiplier', { multiplier: '' }, /multiplier is not a decimal/],
    ['minQuantity', { minQuantity: '1.5' }, /minQuantity is no multiple of lotSize 1/],
    ['maxQuantity', { maxQuantity: '10.5' }, /maxQuantity is no multiple of lotSize 1/],
    ['minQuantity', { minQuantity: '20', maxQuantity: '10' }, /minQuantity is above maxQuantity 10/],
    [
      'tickSize',
      { tickSize: '0.0000000001', lotSize: '0.000000001', fractionable: true, minQuantity: null },
      /19 decimals/,
    ],
  ])('is refused for its %s: %j', (field, change, message) => {
    const error = errorOf({ ...AAPL, ...change });
    expect(error).toMatchObject({ code: 'INVALID_INSTRUMENT', field });
    expect(error.message).toMatch(message);
  });

  it('keeps the cause of what cannot be read', () => {
    expect(errorOf({ ...AAPL, tickSize: 'x' }).cause).toMatchObject({ code: 'INVALID_DECIMAL' });
    expect(errorOf({ ...AAPL, symbol: '' }).cause).toMatchObject({ code: 'INVALID_SYMBOL' });
  });

  it('is only accepted when every notional on tick and lot is exact', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }));
    const units = fc.bigInt({ min: 1n, max: 10n ** 6n });
    const textOf = ([digit, places]: [number, number]): string =>
      places === 0 ? String(digit) : `0.${'0'.repeat(places - 1)}${String(digit)}`;
    fc.assert(
      fc.property(step, step, step, units, units, (tick, lot, multiplier, ticks, lots) => {
        const places = tick[1] + lot[1] + multiplier[1];
        const described = {
          ...AAPL,
          tickSize: textOf(tick),
          lotSize: textOf(lot),
          multiplier: textOf(multiplier),
          minQuantity: null,
          fractionable: true,
        };
        if (places > 18) {
          expect(() => createInstrument(described)).toThrow(InstrumentError);
          return;
        }
        const instrument = createInstrument(described);
        const product = ticks * instrument.tickSize * lots * instrument.lotSize * instrument.multiplier;
        expect(product % 10n ** 36n).toBe(0n);
      }),
    );
  });
});
