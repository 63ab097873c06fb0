import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { leftBehind } from '../support/gateway/data-dir.ts';
import { type Desk, isDenial, type OrderInput, readyToTrade } from '../support/gateway/desk.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';
import { until } from '../support/gateway/until.ts';

jest.setTimeout(120_000);

const SET_STATE = `mutation($accountId: ID!, $state: TradingState!, $cancel: Boolean!) {
  setTradingState(accountId: $accountId, state: $state, cancelOpenOrders: $cancel, reason: "a test") { tradingState } }`;
const SET_GATEWAY = `mutation($state: TradingState!) { setGatewayTradingState(state: $state, reason: "a test") }`;
const PREVIEW = `query($input: PlaceOrderInput!) { previewOrder(input: $input) {
  denial { code } notional estimatedPrice estimatedFees buyingPowerAfter positionAfter } }`;

const RESTING = { type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' };

describe('what an account may do', () => {
  let floor: Floor;

  beforeAll(async () => {
    floor = await openFloor({ RESTRICTED_SYMBOLS: 'SPX' });
  });

  afterAll(async () => {
    await floor.close();
  });

  const setState = (desk: Desk, state: string, cancel = false): Promise<unknown> =>
    desk.client.ask(SET_STATE, { accountId: desk.accountId, state, cancel });

  const bought = async (quantity: string): Promise<Desk> => {
    const desk = await floor.openDesk();
    const { id } = await desk.placed({ quantity });
    // What was there to be had comes back as the market moves.
    await floor.moveUntil(desk, [id], 'FILLED');
    return desk;
  };

  /** A position that has cost more than the market gives back so soon. */
  const dearlyBought = async (): Promise<Desk> => {
    await floor.venue.setFaults({ execution: { fees: { perUnit: '2', rate: '0', minimum: '0' } } });
    try {
      return await bought('5000');
    } finally {
      await floor.venue.setFaults({ execution: { fees: { perUnit: '0.005', rate: '0', minimum: '0' } } });
    }
  };

  /** Limit that is set for the test, order, denial. After it the limit is lifted, and the order passes. */
  const LIMITED: readonly (readonly [code: string, limits: OrderInput, order: OrderInput])[] = [
    ['MAX_ORDER_NOTIONAL', { maxOrderNotional: '1000' }, { quantity: '100' }],
    ['MAX_POSITION_NOTIONAL', { maxPositionNotional: '5000' }, { quantity: '60' }],
    ['MAX_LEVERAGE', { maxLeverage: '0.1' }, { quantity: '2000' }],
    ['MAX_CONCENTRATION', { maxConcentration: '0.05' }, { quantity: '1000' }],
    ['PRICE_COLLAR', { priceCollar: '0.05' }, { type: 'LIMIT', limitPrice: '130' }],
    ['MAX_OPEN_ORDERS', { maxOpenOrders: 0 }, RESTING],
  ];

  it.each(LIMITED)('%s is set, denies, is lifted by null and denies no more', async (code, limits, order) => {
    const desk = await floor.openDesk();
    const [[name, value] = ['', null]] = Object.entries(limits);
    expect((await desk.setLimits(limits)).limits[name]).toBe(value);
    const denial = await desk.denied(order);
    expect(denial).toMatchObject({ code, kept: { status: 'DENIED' } });
    expect(denial.message).toContain(name);
    expect(Object.keys(denial.details ?? {}).length).toBeGreaterThan(1);
    expect((await desk.setLimits({ [name]: null })).limits[name]).toBeNull();
    const { id } = await desk.placed(order);
    await desk.settled(id, 'FILLED', 'ACCEPTED');
    await floor.expectEqualBooks(desk);
  });

  const PLAIN: readonly (readonly [code: string, order: OrderInput])[] = [
    ['INVALID_ORDER', { type: 'LIMIT' }],
    ['INVALID_ORDER', { notional: '10', quantity: '10' }],
    ['UNKNOWN_SYMBOL', { symbol: 'NOPE' }],
    ['PRICE_PRECISION', { type: 'LIMIT', limitPrice: '60.001' }],
    ['QUANTITY_PRECISION', { quantity: '0.00001' }],
    ['MAX_QUANTITY', { ...RESTING, quantity: '10000001' }],
    ['INSUFFICIENT_BUYING_POWER', { quantity: '60000' }],
    ['RESTRICTED_SYMBOL', { symbol: 'SPX' }],
    ['NO_POSITION', { side: 'SELL', reduceOnly: true }],
    ['MARKET_CLOSED', { timeInForce: 'OPG' }],
  ];

  it.each(PLAIN)('%s', async (code, order) => {
    const desk = await floor.openDesk();
    expect(await desk.denied(order)).toMatchObject({ code });
    const { previewOrder } = await desk.client.ask<{ previewOrder: { denial: { code: string } } }>(PREVIEW, {
      input: desk.input(order),
    });
    expect(previewOrder.denial.code).toBe(code);
    const { orders } = await floor.venue.ledger(desk.accountId);
    expect(orders).toEqual([]);
  });

  it('UNSUPPORTED_BY_BROKER, where the venue does not know the type', async () => {
    const desk = await floor.openDesk({ config: { nativeOrderTypes: ['LIMIT'] } });
    expect(await desk.denied()).toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', details: { field: 'type' } });
  });

  it('ORDER_RATE leaves no trace, so that the order may come again', async () => {
    const desk = await floor.openDesk();
    await desk.setLimits({ maxOrdersPerSecond: 1 });
    const [first, second] = await desk.placeMany([{ clientOrderId: 'a' }, { clientOrderId: 'b' }]);
    expect(first).toHaveProperty('order');
    expect(second).toMatchObject({ code: 'ORDER_RATE', kept: null });
    await until('the next second', async () => !isDenial(await desk.place({ clientOrderId: 'b' })));
  });

  it('SELF_TRADE, WOULD_INCREASE_POSITION, NOT_REPLACEABLE', async () => {
    const desk = await bought('5');
    const own = await desk.placed({
      type: 'LIMIT',
      limitPrice: await floor.bid('AAPL', -1),
      timeInForce: 'GTC',
    });
    await desk.settled(own.id, 'ACCEPTED');
    expect(
      await desk.denied({ side: 'SELL', type: 'LIMIT', limitPrice: await floor.bid('AAPL', -2) }),
    ).toMatchObject({ code: 'SELF_TRADE', details: { restingOrderId: own.id } });
    expect(await desk.denied({ side: 'SELL', quantity: '6', reduceOnly: true })).toMatchObject({
      code: 'WOULD_INCREASE_POSITION',
    });
    await desk.cancelAll();
    const { id } = await desk.placed({ ...RESTING, takeProfit: { limitPrice: '90' } });
    const [leg] = await desk.legs(id);
    expect(await desk.replace(leg?.id ?? '', { quantity: '3' })).toMatchObject({ code: 'NOT_REPLACEABLE' });
  });

  it('BROKER_NOT_READY while the venue is silent', async () => {
    const desk = await floor.openDesk();
    const { venue } = leftBehind(floor.local.dataDir);
    if (venue === null) throw new Error('no venue runs');
    process.kill(venue, 'SIGSTOP');
    try {
      await until('a connection that is not ready', async () => {
        const { previewOrder } = await desk.client.ask<{ previewOrder: { denial: { code: string } | null } }>(
          PREVIEW,
          { input: desk.input(RESTING) },
        );
        return previewOrder.denial?.code === 'BROKER_NOT_READY';
      });
      expect(await desk.denied(RESTING)).toMatchObject({ code: 'BROKER_NOT_READY' });
    } finally {
      process.kill(venue, 'SIGCONT');
    }
    await readyToTrade(desk);
    const { id } = await desk.placed(RESTING);
    await desk.settled(id, 'ACCEPTED');
    await desk.cancelAll();
  });

  it('a day’s loss halts the account; lifted by hand it still only reduces, until the limit is raised', async () => {
    const desk = await dearlyBought();
    await desk.setLimits({ maxDailyLoss: '10' });
    await until('the halt', async () => (await desk.account()).tradingState === 'HALTED');
    expect(await desk.denied()).toMatchObject({ code: 'TRADING_HALTED' });
    await until('the alert', async () => (await desk.alerts()).some(({ code }) => code === 'DAILY_LOSS'));
    await setState(desk, 'ACTIVE');
    expect(await desk.denied()).toMatchObject({ code: 'MAX_DAILY_LOSS' });
    const closing = await desk.close('AAPL', '4000');
    expect(closing).toHaveProperty('order');
    await floor.venue.advance(60_000);
    await until('a smaller position', async () => (await desk.position('AAPL')) === '1000');
    await desk.setLimits({ maxDailyLoss: '100000' });
    await desk.placed();
  });

  it('so does a fall from the peak', async () => {
    const desk = await dearlyBought();
    await desk.setLimits({ maxDrawdown: '0.000001' });
    await until('the halt', async () => (await desk.account()).tradingState === 'HALTED');
    await until('the alert', async () => (await desk.alerts()).some(({ code }) => code === 'DRAWDOWN'));
    await setState(desk, 'ACTIVE');
    expect(await desk.denied()).toMatchObject({ code: 'MAX_DRAWDOWN' });
    await desk.setLimits({ maxDrawdown: null });
    await desk.placed();
  });

  it('REDUCING takes what reduces, HALTED only cancels', async () => {
    const desk = await bought('5');
    const resting = await desk.placed(RESTING);
    await desk.settled(resting.id, 'ACCEPTED');
    await setState(desk, 'REDUCING');
    expect(await desk.denied()).toMatchObject({ code: 'REDUCE_ONLY_STATE' });
    const sold = await desk.placed({ side: 'SELL', quantity: '2' });
    await floor.moveUntil(desk, [sold.id], 'FILLED');
    await setState(desk, 'HALTED');
    expect(await desk.denied({ side: 'SELL', quantity: '2' })).toMatchObject({ code: 'TRADING_HALTED' });
    expect(await desk.close('AAPL')).toMatchObject({ code: 'TRADING_HALTED' });
    await desk.cancel(resting.id);
    await desk.settled(resting.id, 'CANCELED');
    await setState(desk, 'ACTIVE');
    const other = await desk.placed(RESTING);
    await setState(desk, 'HALTED', true);
    await desk.settled(other.id, 'CANCELED');
    await floor.expectEqualBooks(desk);
  });

  it('the kill switch of the gateway stops every account and cancels what is open', async () => {
    const desks = await Promise.all([floor.openDesk(), floor.openDesk()]);
    const resting = await Promise.all(desks.map((desk) => desk.placed(RESTING)));
    await floor.client.ask(SET_GATEWAY, { state: 'HALTED' });
    for (const [index, desk] of desks.entries()) {
      await desk.settled(resting[index]?.id ?? '', 'CANCELED');
      const denial = await until('a halted gateway', async () => {
        const outcome = await desk.place(RESTING);
        return isDenial(outcome) ? outcome : null;
      });
      expect(denial).toMatchObject({ code: 'TRADING_HALTED', details: { scope: 'gateway' } });
      expect((await desk.account()).tradingState).toBe('ACTIVE');
    }
    await floor.client.ask(SET_GATEWAY, { state: 'ACTIVE' });
    for (const desk of desks) {
      await until('a gateway that trades', async () => !isDenial(await desk.place(RESTING)));
    }
  });

  it('previews what placing would do, and does nothing', async () => {
    const desk = await floor.openDesk();
    const input = desk.input({ quantity: '10' });
    const { previewOrder } = await desk.client.ask<{ previewOrder: Readonly<Record<string, string | null>> }>(
      PREVIEW,
      { input },
    );
    const ask = await floor.ask('AAPL');
    expect(previewOrder).toMatchObject({
      denial: null,
      estimatedPrice: String(Number(ask)),
      notional: String(Number((Number(ask) * 10).toFixed(2))),
      estimatedFees: '0.05',
      positionAfter: '10',
    });
    expect(await desk.position('AAPL')).toBe('0');
    expect((await floor.venue.ledger(desk.accountId)).orders).toEqual([]);
  });

  it('closes positions and cancels what is open, of one symbol or of all', async () => {
    const desk = await bought('5');
    expect(await desk.close('SPX')).toMatchObject({ code: 'NO_POSITION' });
    const part = await desk.close('AAPL', '2');
    expect(part).toMatchObject({ order: { side: 'SELL', quantity: '2' } });
    await until('a part closed', async () => (await desk.position('AAPL')) === '3');
    const open = [await desk.placed(RESTING), await desk.placed({ ...RESTING, limitPrice: '61' })];
    for (const { id } of open) await desk.settled(id, 'ACCEPTED');
    expect(await desk.cancelAll('SPX')).toEqual([]);
    expect((await desk.cancelAll('AAPL')).map(({ id }) => id).sort()).toEqual(
      open.map(({ id }) => id).sort(),
    );
    for (const { id } of open) await desk.settled(id, 'CANCELED');
    await desk.close('AAPL');
    await until('all closed', async () => (await desk.position('AAPL')) === '0');
    await floor.expectEqualBooks(desk);
  });
});
