import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Desk, NO_LIMITS } from '../support/gateway/desk.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';

jest.setTimeout(120_000);

/*
 * Sizes by money and by fractions, orders that show a part, take nothing or only close, and orders that end
 * at a time: through GraphQL against the venue. The market stands still but where a test moves it.
 */

const HOUR = 3_600_000;
const RICH = { startingCash: '10000000' };

describe('orders, and how they may be sized and bound', () => {
  let floor: Floor;
  let desk: Desk;

  beforeAll(async () => {
    floor = await openFloor();
    desk = await floor.openDesk(RICH);
  });

  afterAll(async () => {
    await floor.expectEqualBooks(desk);
    await floor.close();
  });

  const inAnHour = async (): Promise<string> => new Date((await floor.venue.now()) + HOUR).toISOString();

  it('a notional order buys what the money pays for', async () => {
    const { id } = await desk.placed({ notional: '1000' });
    const filled = await desk.settled(id, 'FILLED');
    const spent = Number(filled.filledQuantity) * Number(filled.averageFillPrice);
    expect(spent).toBeLessThanOrEqual(1000);
    expect(spent).toBeGreaterThan(999);
    expect(filled).toMatchObject({ notional: '1000', quantity: filled.filledQuantity });
    const limited = await desk.placed({
      type: 'LIMIT',
      notional: '500',
      limitPrice: '50',
      timeInForce: 'GTC',
    });
    expect(await desk.settled(limited.id, 'ACCEPTED')).toMatchObject({ quantity: '10' });
    await desk.cancel(limited.id);
  });

  it('fractions and shorts, and a flip through zero', async () => {
    const other = await floor.openDesk(RICH);
    const trade = async (side: string, quantity: string): Promise<void> => {
      const { id } = await other.placed({ side, quantity });
      await other.settled(id, 'FILLED');
    };
    await trade('BUY', '0.1234');
    expect(await other.position('AAPL')).toBe('0.1234');
    await trade('SELL', '5.1234');
    expect(await other.position('AAPL')).toBe('-5');
    await trade('BUY', '7');
    expect(await other.position('AAPL')).toBe('2');
    await trade('SELL', '2');
    expect(await other.position('AAPL')).toBe('0');
    await floor.expectEqualBooks(other);
  });

  it('post-only rests or is refused', async () => {
    const through = await desk.placed({
      type: 'LIMIT',
      postOnly: true,
      limitPrice: await floor.ask('AAPL', 1),
      timeInForce: 'GTC',
    });
    expect(await desk.settled(through.id, 'REJECTED')).toMatchObject({
      filledQuantity: '0',
      reason: expect.stringContaining('WOULD_TAKE_LIQUIDITY'),
    });
    const resting = await desk.placed({
      type: 'LIMIT',
      postOnly: true,
      limitPrice: '60',
      timeInForce: 'GTC',
    });
    await desk.settled(resting.id, 'ACCEPTED');
    await desk.cancel(resting.id);
    await desk.settled(resting.id, 'CANCELED');
  });

  it('an iceberg shows a part and fills whole', async () => {
    const { id } = await desk.placed({
      type: 'LIMIT',
      quantity: '10',
      displayQuantity: '2',
      limitPrice: '60',
      timeInForce: 'GTC',
    });
    expect(await desk.settled(id, 'ACCEPTED')).toMatchObject({ displayQuantity: '2', quantity: '10' });
    await desk.replace(id, { limitPrice: await floor.ask('AAPL', 1) });
    expect(await desk.settled(id, 'FILLED')).toMatchObject({ filledQuantity: '10' });
  });

  it('reduce-only closes no more than there is', async () => {
    const other = await floor.openDesk(RICH);
    const opening = await other.placed({ quantity: '4' });
    await other.settled(opening.id, 'FILLED');
    const closing = await other.placed({ side: 'SELL', quantity: '3', reduceOnly: true });
    await other.settled(closing.id, 'FILLED');
    expect(await other.denied({ side: 'SELL', quantity: '2', reduceOnly: true })).toMatchObject({
      code: 'WOULD_INCREASE_POSITION',
      details: { reducible: '1' },
    });
    expect(await other.denied({ side: 'BUY', reduceOnly: true })).toMatchObject({ code: 'NO_POSITION' });
    expect(await other.position('AAPL')).toBe('1');
    await floor.expectEqualBooks(other);
  });

  it('an order good till a date expires then, one for the day at the close, one for the auction fills there', async () => {
    const other = await floor.openDesk(RICH, NO_LIMITS);
    const resting = { type: 'LIMIT', limitPrice: '60' };
    const dated = await other.placed({ ...resting, timeInForce: 'GTD', expireAt: await inAnHour() });
    await other.settled(dated.id, 'ACCEPTED');
    await floor.venue.advance(HOUR + 1_000);
    expect(await other.settled(dated.id, 'EXPIRED')).toMatchObject({ leavesQuantity: '0' });

    const [day, kept, atClose] = [
      await other.placed({ ...resting, timeInForce: 'DAY' }),
      await other.placed({ ...resting, timeInForce: 'GTC' }),
      await other.placed({ quantity: '5', timeInForce: 'CLS' }),
    ];
    // Before the venue has them the close would go by without them.
    for (const { id } of [day, kept, atClose]) await other.settled(id, 'ACCEPTED');
    await floor.moveUntilClose();
    await other.settled(day.id, 'EXPIRED');
    expect(await other.settled(atClose.id, 'FILLED')).toMatchObject({ filledQuantity: '5' });
    expect(await other.denied({ timeInForce: 'DAY' })).toMatchObject({ code: 'MARKET_CLOSED' });
    const opening = await other.placed({ quantity: '5', side: 'SELL', timeInForce: 'OPG' });
    await other.settled(opening.id, 'ACCEPTED');
    await floor.venue.advance(60_000);
    expect(await other.settled(opening.id, 'FILLED')).toMatchObject({ filledQuantity: '5' });
    expect(await other.order(kept.id)).toMatchObject({ status: 'ACCEPTED' });
    expect(await other.position('AAPL')).toBe('0');
    await other.cancelAll();
    await other.settled(kept.id, 'CANCELED');
    await floor.expectEqualBooks(other);
  });
});
