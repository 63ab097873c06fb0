import { beforeEach, describe, expect, it } from '@jest/globals';

import { type OrderPreview, previewOrder } from '../../../../core/risk/preview.ts';
import type { PreviewReply } from '../../../../core/runtime/command-gate.ts';
import { market, terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
  desk.quote('AAPL', '99', '101');
  desk.capabilities({ fees: { perUnit: '0.01', rate: '0.001', minimum: '1' } });
});

const preview = (order: ReturnType<typeof terms>): OrderPreview =>
  previewOrder(desk.state, { terms: order, replaces: null, isLeg: false, strategyId: null }, desk.context);

describe('a preview', () => {
  it('is what the command gate answers with', () => {
    const reply: PreviewReply = preview(terms());
    expect(reply.denial).toBeNull();
  });

  it('values a market order at the far side, with fees, buying power and position afterwards', () => {
    desk.hold('AAPL', '10', '100');
    expect(preview(market({ quantity: '100' }))).toEqual({
      denial: null,
      notional: '10100',
      estimatedPrice: '101',
      estimatedFees: '11.1',
      // (99,000 cash + 10 x 100) x 2 - 1,000 held - 10,100 reserved - fees
      buyingPowerAfter: '188888.9',
      positionAfter: '110',
    });
  });

  it('expects a limit order that crosses to trade at the quote, and others at their limit', () => {
    expect(preview(terms({ limitPrice: '105' })).estimatedPrice).toBe('101');
    expect(preview(terms({ limitPrice: '95' })).estimatedPrice).toBe('95');
    expect(preview(terms({ side: 'SELL', limitPrice: '95' })).estimatedPrice).toBe('99');
    expect(preview(market({ type: 'STOP', stopPrice: '110' })).estimatedPrice).toBe('110');
  });

  it('takes the least fee where that is more', () => {
    expect(preview(terms({ quantity: '1', limitPrice: '95' })).estimatedFees).toBe('1');
  });

  it('leaves the buying power of a closing order as it is', () => {
    desk.hold('AAPL', '10', '100');
    const { buyingPowerAfter, positionAfter } = preview(
      market({ side: 'SELL', quantity: '10', reduceOnly: true }),
    );
    expect({ buyingPowerAfter, positionAfter }).toEqual({ buyingPowerAfter: '199000', positionAfter: '0' });
  });

  it('sizes a notional order', () => {
    desk.instrument({ fractionable: true, lotSize: '0.000001' });
    expect(preview(market({ quantity: null, notional: '202' }))).toMatchObject({
      denial: null,
      notional: '202',
      positionAfter: '2',
    });
  });

  it('tells the denial with the numbers beside it, and what is lacking', () => {
    const reply = preview(terms({ quantity: '5000', limitPrice: '100' }));
    expect(reply).toMatchObject({
      denial: { code: 'INSUFFICIENT_BUYING_POWER' },
      notional: '500000',
      buyingPowerAfter: '-300550',
    });
  });

  it('is null where a price is missing', () => {
    desk.forgetQuote('AAPL');
    expect(preview(market())).toEqual({
      denial: expect.objectContaining({ code: 'STALE_QUOTE' }),
      notional: null,
      estimatedPrice: null,
      estimatedFees: null,
      buyingPowerAfter: null,
      positionAfter: '100',
    });
    expect(preview(terms({ symbol: 'NOPE' }))).toMatchObject({
      denial: { code: 'UNKNOWN_SYMBOL' },
      positionAfter: null,
    });
  });

  it('gives an earlier refusal precedence', () => {
    const refusal = { code: 'BROKER_NOT_READY' as const, message: 'connecting', details: {} };
    const input = { terms: terms({ limitPrice: '0.001' }), replaces: null, isLeg: false, strategyId: null };
    expect(previewOrder(desk.state, input, desk.context, refusal).denial).toBe(refusal);
  });

  it('reserves nothing', () => {
    const seq = desk.state.seq;
    preview(terms());
    expect([desk.state.seq, desk.state.exposure.size, desk.state.openOrderIds.size]).toEqual([seq, 0, 0]);
  });
});
