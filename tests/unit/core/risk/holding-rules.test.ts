import { beforeEach, describe, expect, it } from '@jest/globals';

import { market, terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';
import { code, placed } from './verdict.ts';

/* What an order may do to a position: close it, and sell short. */

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

describe('reduce-only', () => {
  const close = (quantity: string) => market({ side: 'SELL', quantity, reduceOnly: true });

  it('needs a position on the other side', () => {
    expect(code(desk.check(close('1')))).toBe('NO_POSITION');
    desk.hold('AAPL', '-10', '100');
    expect(desk.check(close('1')).denial).toMatchObject({
      code: 'NO_POSITION',
      details: { position: '-10' },
    });
    expect(code(desk.check(market({ quantity: '10', reduceOnly: true })))).toBeNull();
  });

  it('takes the whole position and not a lot more, other closing orders counted', () => {
    desk.hold('AAPL', '100', '100');
    expect(code(desk.check(close('100')))).toBeNull();
    expect(desk.check(close('101')).denial).toMatchObject({
      code: 'WOULD_INCREASE_POSITION',
      details: { quantity: '101', openReduceOnly: '0', position: '100', reducible: '100' },
    });
    placed(desk.place(close('60')));
    expect(code(desk.check(close('40')))).toBeNull();
    expect(desk.check(close('41')).denial?.details).toMatchObject({ openReduceOnly: '60', reducible: '40' });
  });

  it('leaves room for the legs of a bracket, which give way', () => {
    desk.hold('AAPL', '100', '100');
    desk.force(terms({ side: 'SELL', limitPrice: '110', reduceOnly: true }), 'TAKE_PROFIT');
    desk.force(market({ side: 'SELL', type: 'STOP', stopPrice: '90', reduceOnly: true }), 'STOP_LOSS');
    expect(code(desk.check(close('100')))).toBeNull();
  });

  it('counts plain orders too where the venue does not enforce reduce-only', () => {
    desk.hold('AAPL', '100', '100');
    placed(desk.place(terms({ side: 'SELL', quantity: '30', limitPrice: '120' })));
    expect(code(desk.check(close('100')))).toBeNull();
    desk.capabilities({ reduceOnly: false });
    expect(code(desk.check(close('100')))).toBe('WOULD_INCREASE_POSITION');
    expect(code(desk.check(close('70')))).toBeNull();
  });

  it('does not count the order that is replaced', () => {
    desk.hold('AAPL', '100', '100');
    const orderId = placed(
      desk.place(terms({ side: 'SELL', quantity: '80', limitPrice: '120', reduceOnly: true })),
    );
    const replaces = desk.state.orders.get(orderId) ?? null;
    const bigger = (quantity: string) =>
      terms({ side: 'SELL', quantity, limitPrice: '121', reduceOnly: true });
    expect(code(desk.check(bigger('100'), { replaces }))).toBeNull();
    expect(code(desk.check(bigger('101'), { replaces }))).toBe('WOULD_INCREASE_POSITION');
  });
});

describe('not-shortable', () => {
  const sell = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '120' });

  it('lets the position be sold and nothing more, open sells counted', () => {
    desk.instrument({ shortable: false });
    desk.hold('AAPL', '100', '100');
    expect(code(desk.check(sell('100')))).toBeNull();
    expect(desk.check(sell('101')).denial).toMatchObject({
      code: 'NOT_SHORTABLE',
      details: { quantity: '101', position: '100', openSellQuantity: '0', sellable: '100' },
    });
    placed(desk.place(sell('60')));
    expect(code(desk.check(sell('40')))).toBeNull();
    expect(code(desk.check(sell('41')))).toBe('NOT_SHORTABLE');
    placed(desk.place(market({ side: 'SELL', quantity: '30', reduceOnly: true })));
    expect(code(desk.check(sell('10')))).toBeNull();
    expect(code(desk.check(sell('11')))).toBe('NOT_SHORTABLE');
  });

  it('goes by the broker as well', () => {
    expect(code(desk.check(sell('1')))).toBeNull();
    desk.capabilities({ shortSelling: false });
    expect(desk.check(sell('1')).denial?.message).toContain('the broker cannot be sold short');
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('lets a replacement through that sells no more than before', () => {
    desk.hold('AAPL', '100', '100');
    const replaces = desk.state.orders.get(placed(desk.place(sell('100')))) ?? null;
    desk.instrument({ shortable: false });
    expect(code(desk.check(sell('90'), { replaces }))).toBeNull();
    expect(code(desk.check(sell('101'), { replaces }))).toBe('NOT_SHORTABLE');
  });
});
