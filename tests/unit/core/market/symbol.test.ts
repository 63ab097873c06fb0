import { describe, expect, it } from '@jest/globals';

import { isSymbol, parseSymbol, SymbolError } from '../../../../core/market/symbol.ts';

describe('a symbol', () => {
  it.each([
    ['AAPL', 'AAPL', null],
    ['BRK-B', 'BRK-B', null],
    ['BTC/USD', 'BTC/USD', null],
    ['BTC-USD.KRAKEN', 'BTC-USD', 'KRAKEN'],
    ['AAPL240119C00150000', 'AAPL240119C00150000', null],
    ['7203.TSE', '7203', 'TSE'],
  ])('%s has a ticker and perhaps a venue', (text, ticker, venue) => {
    expect(parseSymbol(text)).toEqual({ ticker, venue });
    expect(isSymbol(text)).toBe(true);
  });

  it.each([
    '',
    'aapl',
    'AAPL ',
    'A B',
    '.NYSE',
    'AAPL.',
    'AAPL.nyse',
    'A.B.C',
    '-A',
    'Ä',
    'A'.repeat(33),
    'A\n',
  ])('is not %j', (text) => {
    expect(isSymbol(text)).toBe(false);
    expect(() => parseSymbol(text)).toThrow(SymbolError);
    expect(() => parseSymbol(text)).toThrow(expect.objectContaining({ code: 'INVALID_SYMBOL' }));
  });
});
