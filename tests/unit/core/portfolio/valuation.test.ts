import { describe, expect, it } from '@jest/globals';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import type { MarketQuote } from '../../../../core/engine/decide-context.ts';
import { applyFill, emptyPosition } from '../../../../core/portfolio/apply-fill.ts';
import { createPricing, markOf, type PriceView } from '../../../../core/portfolio/pricing.ts';
import {
  buyingPower,
  dailyPnl,
  drawdown,
  type Holdings,
  holdingsOfRows,
  leverage,
  sumInCurrency,
  valueAccount,
} from '../../../../core/portfolio/valuation.ts';

const d = parseDecimal;
const text = (value: Fixed | null): string | null => (value === null ? null : formatDecimal(value));
const orNull = (value: string | null): Fixed | null => (value === null ? null : d(value));
const NOW = 10_000;
const STALE = 1_000;

const quote = (
  symbol: string,
  bid: string | null,
  ask: string | null,
  last: string | null,
  age = 0,
): MarketQuote => ({
  symbol,
  at: 1,
  receivedAt: NOW - age,
  bid: orNull(bid),
  ask: orNull(ask),
  last: orNull(last),
});

const view = (
  quotes: readonly MarketQuote[],
  closed: readonly string[] = [],
  halted: readonly string[] = [],
): PriceView => ({
  quote: (symbol) => quotes.find((found) => found.symbol === symbol),
  session: (symbol) => (closed.includes(symbol) ? 'CLOSED' : 'OPEN'),
  isHalted: (symbol) => halted.includes(symbol),
});

const holdings = (
  cash: Record<string, string>,
  positions: readonly (readonly [
    symbol: string,
    quantity: string,
    cost: string,
    currency?: string,
    multiplier?: string,
  ])[],
): Holdings => ({
  baseCurrency: 'USD',
  cash: new Map(Object.entries(cash).map(([currency, amount]) => [currency, d(amount)])),
  positions: new Map(
    positions.map(([symbol, quantity, cost, currency = 'USD', multiplier = '1']) => [
      symbol,
      { symbol, quantity: d(quantity), cost: d(cost), currency, multiplier: d(multiplier) },
    ]),
  ),
});

describe('the mark of a quote', () => {
  it.each([
    ['the last trade within bid and ask', '99', '101', '100.5', '100.5'],
    ['the last trade at the bid', '99', '101', '99', '99'],
    ['the middle when the last trade is below', '99', '101', '98.99', '100'],
    ['the middle when the last trade is above', '99', '101', '102', '100'],
    ['the middle without a last trade, half a tick exact', '99.99', '100', null, '99.995'],
    ['the last trade without a book', null, null, '97', '97'],
    ['the last trade above a lone bid', '99', null, '99.5', '99.5'],
    ['a lone bid above the last trade', '99', null, '98', '99'],
    ['a lone ask below the last trade', null, '101', '102', '101'],
    ['nothing for a lone side', '99', null, null, null],
    ['nothing for an empty quote', null, null, null, null],
  ])('is %s', (_name, bid, ask, last, expected) => {
    expect(text(markOf(quote('A', bid, ask, last)))).toBe(expected);
  });

  it('goes stale after its time, but not while the market is closed or halted', () => {
    const fresh = quote('A', '1', '1', null, STALE);
    const old = quote('A', '1', '1', null, STALE + 1);
    const mark = (found: MarketQuote, market = view([found])) => createPricing(market, NOW, STALE).mark('A');
    expect(mark(fresh)).toEqual({ kind: 'price', price: d('1') });
    expect(mark(old)).toEqual({ kind: 'stale', ageMs: STALE + 1 });
    expect(mark(old, view([old], ['A']))).toEqual({ kind: 'price', price: d('1') });
    expect(mark(old, view([old], [], ['A']))).toEqual({ kind: 'price', price: d('1') });
    expect(createPricing(view([]), NOW, STALE).mark('A')).toEqual({ kind: 'missing' });
  });
});

describe('the valuation of an account', () => {
  it('adds up long, short and multiplied positions', () => {
    const account = holdings({ USD: '1000' }, [
      ['LONG', '10', '900'],
      ['SHORT', '-5', '-600'],
      ['FUT', '2', '9000', 'USD', '50'],
      ['GONE', '0', '0'],
    ]);
    const quotes = [
      quote('LONG', '99', '101', '100'),
      quote('SHORT', '109', '111', '110'),
      quote('FUT', '100', '100', null),
    ];
    const value = valueAccount(account, view(quotes), NOW, STALE);
    expect({
      cash: text(value.cash),
      equity: text(value.equity),
      gross: text(value.grossExposure),
      net: text(value.netExposure),
      unrealized: text(value.unrealizedPnl),
      missing: value.missing,
    }).toEqual({
      cash: '1000',
      equity: '11450',
      gross: '11550',
      net: '10450',
      unrealized: '1150',
      missing: [],
    });
    expect([...value.positions.keys()]).toEqual(['LONG', 'SHORT', 'FUT']);
    expect(text(value.positions.get('SHORT')?.marketValue ?? null)).toBe('-550');
    expect(text(value.positions.get('SHORT')?.unrealizedPnl ?? null)).toBe('50');
    expect(text(leverage(value))).toBe('1.008733624454148472');
  });

  it('is null where a price is missing, and names it; what has a price is still valued', () => {
    const account = holdings({ USD: '1000' }, [
      ['A', '1', '10'],
      ['B', '1', '10'],
    ]);
    const value = valueAccount(
      account,
      view([quote('A', '12', '12', null), quote('B', '9', '9', null, STALE + 1)]),
      NOW,
      STALE,
    );
    expect(value).toMatchObject({
      equity: null,
      grossExposure: null,
      netExposure: null,
      unrealizedPnl: null,
      missing: ['B'],
    });
    expect(text(value.cash)).toBe('1000');
    expect(text(value.positions.get('A')?.unrealizedPnl ?? null)).toBe('2');
    expect(value.positions.get('B')).toEqual({ price: null, marketValue: null, unrealizedPnl: null });
    expect(leverage(value)).toBeNull();
    expect(buyingPower(value, 0n, d('2'))).toBeNull();
  });

  it.each([
    ['EURUSD', '1.25', '50', '1312.5'],
    ['EUR/USD', '1.25', '50', '1312.5'],
    ['USDEUR', '0.8', '50', '1312.5'],
    ['USD/EUR', '0.8', '50', '1312.5'],
  ])('converts other currencies by %s', (pair, rate, cost, equity) => {
    const account = holdings({ USD: '1000', EUR: '150' }, [['SAP', '1', cost, 'EUR']]);
    const value = valueAccount(
      account,
      view([quote('SAP', '100', '100', null), quote(pair, rate, rate, null)]),
      NOW,
      STALE,
    );
    expect(text(value.equity)).toBe(equity);
    expect(text(value.grossExposure)).toBe('125');
    expect(text(value.unrealizedPnl)).toBe('62.5');
  });

  it('needs a rate for a foreign balance, and names the pair once', () => {
    const account = holdings({ USD: '1000', EUR: '150' }, [['SAP', '1', '50', 'EUR']]);
    const value = valueAccount(account, view([quote('SAP', '100', '100', null)]), NOW, STALE);
    expect(value).toMatchObject({ cash: null, equity: null, missing: ['EUR/USD'] });
    const empty = valueAccount(holdings({ USD: '1000', EUR: '0' }, []), view([]), NOW, STALE);
    expect(text(empty.equity)).toBe('1000');
  });

  it('has equity = transfers + realised + unrealised - fees over any fills, exactly', () => {
    const fill = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.bigInt({ min: 1n, max: 10_000n }).map((lots) => lots * 10n ** 15n),
      price: fc.bigInt({ min: 1n, max: 100_000n }).map((ticks) => ticks * 10n ** 16n),
      fee: fc.bigInt({ min: 0n, max: 10n ** 18n }),
    });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 30 }), fc.bigInt({ min: 1n, max: 10_000n }), (fills, ticks) => {
        const position = emptyPosition('A', 'USD', 10n ** 18n);
        const transfers = d('1000000');
        let cash = transfers;
        let fees = 0n;
        for (const { side, quantity, price, fee } of fills) {
          const notional = (quantity * price) / 10n ** 18n;
          applyFill(position, side, quantity, price);
          cash -= (side === 'BUY' ? notional : -notional) + fee;
          fees += fee;
        }
        const mark = formatDecimal(ticks * 10n ** 16n);
        const account: Holdings = {
          baseCurrency: 'USD',
          cash: new Map([['USD', cash]]),
          positions: new Map([['A', position]]),
        };
        const { equity, unrealizedPnl } = valueAccount(
          account,
          view([quote('A', mark, mark, null)]),
          NOW,
          STALE,
        );
        expect(equity).toBe(transfers + position.realizedPnl + (unrealizedPnl ?? 0n) - fees);
      }),
    );
  });
});

describe('what follows from a valuation', () => {
  it('buying power is equity x multiplier - gross exposure - reserved', () => {
    const value = { equity: d('100'), grossExposure: d('120') };
    expect(text(buyingPower(value, d('30'), d('2')))).toBe('50');
    expect(text(buyingPower(value, d('90'), d('2')))).toBe('-10');
    expect(buyingPower(value, null, d('2'))).toBeNull();
  });

  it('leverage needs equity above zero', () => {
    const account = holdings({ USD: '-100' }, [['A', '1', '10']]);
    expect(leverage(valueAccount(account, view([quote('A', '10', '10', null)]), NOW, STALE))).toBeNull();
  });

  it.each([
    ['90', '100', '0.1'],
    ['100', '100', '0'],
    ['120', '100', '0'],
    ['-10', '100', '1.1'],
    ['90', '0', null],
    ['90', null, null],
    [null, '100', null],
  ])('drawdown of %s from %s is %s', (equity, peak, expected) => {
    expect(text(drawdown(orNull(equity), orNull(peak)))).toBe(expected);
  });

  it('daily PnL is what changed since the opening', () => {
    expect(text(dailyPnl(d('90'), d('100')))).toBe('-10');
    expect(dailyPnl(null, d('100'))).toBeNull();
    expect(dailyPnl(d('90'), null)).toBeNull();
  });

  it('sums amounts in one currency, or says that a rate is missing', () => {
    const pricing = createPricing(view([quote('EURUSD', '2', '2', null)]), NOW, STALE);
    expect(
      text(
        sumInCurrency(
          new Map([
            ['USD', d('1')],
            ['EUR', d('3')],
          ]),
          'USD',
          pricing,
        ),
      ),
    ).toBe('7');
    expect(sumInCurrency(new Map([['GBP', d('3')]]), 'USD', pricing)).toBeNull();
  });
});

describe('rows of the read model', () => {
  it('value exactly as the state that they were made from', () => {
    const account = holdings({ USD: '1000', EUR: '5' }, [['A', '-3', '-33.3']]);
    const rows = holdingsOfRows({
      account: { baseCurrency: 'USD', reservedNotional: { USD: '12.5' } },
      balances: [
        { currency: 'USD', total: '1000' },
        { currency: 'EUR', total: '5' },
      ],
      positions: [{ symbol: 'A', currency: 'USD', multiplier: '1', quantity: '-3', cost: '-33.3' }],
    });
    const market = view([quote('A', '10', '12', '11'), quote('EURUSD', '1.1', '1.1', null)]);
    expect(valueAccount(rows, market, NOW, STALE)).toEqual(valueAccount(account, market, NOW, STALE));
    expect(rows.reserved).toEqual(new Map([['USD', d('12.5')]]));
  });
});
