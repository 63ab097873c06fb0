import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Desk, isDenial, type OrderInput } from '../support/gateway/desk.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';

jest.setTimeout(120_000);

/*
 * Orders of every type through GraphQL against the venue: placed, replaced, cancelled, filled. Once with a
 * venue that holds them all, once with one that has MARKET and LIMIT only, so that the gateway watches
 * the triggers. The market stands still but where a test moves it.
 */

const HOUR = 3_600_000;
const RICH = { startingCash: '10000000' };

describe('orders of every type', () => {
  let floor: Floor;

  beforeAll(async () => {
    floor = await openFloor();
  });

  afterAll(async () => {
    await floor.close();
  });

  const inAnHour = async (): Promise<string> => new Date((await floor.venue.now()) + HOUR).toISOString();

  describe.each([
    ['held by the venue', {}],
    ['with triggers that the gateway watches', { config: { nativeOrderTypes: ['MARKET', 'LIMIT'] } }],
  ])('%s', (_name, config) => {
    const isEmulated = 'config' in config;
    let desk: Desk;

    beforeAll(async () => {
      desk = await floor.openDesk({ ...RICH, ...config });
    });

    afterAll(async () => {
      await floor.expectEqualBooks(desk);
    });

    /** Far enough away to rest: [order, change of the price that it has]. */
    const RESTING: readonly (readonly [name: string, order: OrderInput, change: OrderInput])[] = [
      ['LIMIT DAY', { type: 'LIMIT', limitPrice: '60', timeInForce: 'DAY' }, { limitPrice: '61' }],
      [
        'LIMIT GTC',
        { type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' },
        { limitPrice: '59.5', quantity: '4' },
      ],
      ['LIMIT CLS', { type: 'LIMIT', limitPrice: '60', timeInForce: 'CLS' }, { quantity: '2' }],
      ['STOP GTC', { type: 'STOP', stopPrice: '180', timeInForce: 'GTC' }, { stopPrice: '190' }],
      [
        'STOP sell DAY',
        { type: 'STOP', side: 'SELL', stopPrice: '50', timeInForce: 'DAY' },
        { quantity: '2' },
      ],
      [
        'STOP_LIMIT',
        { type: 'STOP_LIMIT', stopPrice: '180', limitPrice: '181', timeInForce: 'GTC' },
        { stopPrice: '185', limitPrice: '186' },
      ],
      [
        'TRAILING_STOP by price',
        {
          type: 'TRAILING_STOP',
          side: 'SELL',
          trailingOffset: '30',
          trailingOffsetType: 'PRICE',
          timeInForce: 'GTC',
        },
        { trailingOffset: '25' },
      ],
      [
        'TRAILING_STOP by percent',
        { type: 'TRAILING_STOP', trailingOffset: '0.4', trailingOffsetType: 'PERCENT', timeInForce: 'DAY' },
        { quantity: '3' },
      ],
      [
        'TRAILING_STOP_LIMIT',
        {
          type: 'TRAILING_STOP_LIMIT',
          side: 'SELL',
          trailingOffset: '30',
          trailingOffsetType: 'PRICE',
          limitPrice: '50',
          timeInForce: 'GTC',
        },
        { quantity: '2' },
      ],
      [
        'MARKET_IF_TOUCHED',
        { type: 'MARKET_IF_TOUCHED', stopPrice: '60', timeInForce: 'GTC' },
        { stopPrice: '61' },
      ],
      [
        'LIMIT_IF_TOUCHED',
        { type: 'LIMIT_IF_TOUCHED', side: 'SELL', stopPrice: '180', limitPrice: '170', timeInForce: 'DAY' },
        { limitPrice: '171' },
      ],
    ];

    it.each(RESTING)('%s is placed, replaced and cancelled', async (_type, order, change) => {
      const { id } = await desk.placed({ quantity: '1', ...order });
      const watched = isEmulated && order['type'] !== 'LIMIT';
      const status = watched ? 'HELD' : 'ACCEPTED';
      const placed = await desk.settled(id, status);
      expect(placed).toMatchObject({ ...order, filledQuantity: '0', revision: 0 });
      expect(placed.heldAt).toBe(watched ? 'GATEWAY' : order['type'] === 'LIMIT' ? null : 'VENUE');
      expect(placed.brokerOrderId === null).toBe(watched);

      const requested = await desk.replace(id, change);
      if (isDenial(requested)) throw new Error(`${requested.code}: ${requested.message}`);
      const replaced = await desk.settled(id, status);
      expect(replaced).toMatchObject({ id, revision: 1, ...change });

      expect(await desk.cancel(id)).toHaveProperty('order');
      expect(await desk.settled(id, 'CANCELED')).toMatchObject({ leavesQuantity: '0', filledQuantity: '0' });
      expect(await desk.cancel(id)).toMatchObject({ code: 'ORDER_NOT_OPEN' });
      expect(await desk.replace(id, change)).toMatchObject({ code: 'ORDER_NOT_OPEN' });
      const types = await desk.eventTypes(id);
      expect(types).toEqual(expect.arrayContaining(['INITIALIZED', 'REPLACED', 'CANCELED']));
    });

    it.each(['DAY', 'GTC', 'GTD', 'IOC', 'FOK'])(
      'MARKET and LIMIT fill at once with %s',
      async (timeInForce) => {
        const expiry = timeInForce === 'GTD' ? { expireAt: await inAnHour() } : {};
        const [market, limit] = [
          await desk.placed({ quantity: '3', timeInForce, ...expiry }),
          await desk.placed({
            type: 'LIMIT',
            side: 'SELL',
            limitPrice: await floor.bid('AAPL', -0.5),
            quantity: '3',
            timeInForce,
            ...expiry,
          }),
        ];
        for (const { id } of [market, limit]) {
          const filled = await desk.settled(id, 'FILLED');
          expect(filled).toMatchObject({ filledQuantity: '3', leavesQuantity: '0' });
          expect(Number(filled.averageFillPrice)).toBeCloseTo(Number(await floor.bid('AAPL')), 0);
        }
      },
    );

    it('IOC and FOK end at once where nothing can be had', async () => {
      const order = { type: 'LIMIT', limitPrice: await floor.bid('AAPL', -5) };
      for (const timeInForce of ['IOC', 'FOK']) {
        const { id } = await desk.placed({ ...order, timeInForce });
        expect(await desk.settled(id, 'CANCELED', 'EXPIRED')).toMatchObject({ filledQuantity: '0' });
      }
    });

    it('every trigger sets its order off when the market gets there, on both sides', async () => {
      const [bid, ask] = [await floor.bid('AAPL'), await floor.ask('AAPL')];
      const off = (price: string, by: number): string => (Number(price) + by).toFixed(2);
      const trail = { trailingOffset: '0.06', trailingOffsetType: 'PRICE' };
      const orders: readonly OrderInput[] = [
        { side: 'BUY', type: 'STOP', stopPrice: off(ask, 0.05), timeInForce: 'DAY' },
        { side: 'SELL', type: 'STOP', stopPrice: off(bid, -0.05), timeInForce: 'GTC' },
        {
          side: 'BUY',
          type: 'STOP_LIMIT',
          stopPrice: off(ask, 0.05),
          limitPrice: off(ask, 9),
          timeInForce: 'GTC',
        },
        { side: 'SELL', type: 'STOP_LIMIT', stopPrice: off(bid, -0.05), limitPrice: off(bid, -9) },
        { side: 'BUY', type: 'MARKET_IF_TOUCHED', stopPrice: off(ask, -0.05), timeInForce: 'GTC' },
        { side: 'SELL', type: 'MARKET_IF_TOUCHED', stopPrice: off(bid, 0.05) },
        { side: 'BUY', type: 'LIMIT_IF_TOUCHED', stopPrice: off(ask, -0.05), limitPrice: off(ask, 9) },
        { side: 'SELL', type: 'LIMIT_IF_TOUCHED', stopPrice: off(bid, 0.05), limitPrice: off(bid, -9) },
        { side: 'BUY', type: 'TRAILING_STOP', ...trail, timeInForce: 'GTD', expireAt: await inAnHour() },
        { side: 'SELL', type: 'TRAILING_STOP', trailingOffset: '0.0006', trailingOffsetType: 'PERCENT' },
        { side: 'BUY', type: 'TRAILING_STOP_LIMIT', ...trail, limitPrice: off(ask, 9) },
        { side: 'SELL', type: 'TRAILING_STOP_LIMIT', ...trail, limitPrice: off(bid, -9), timeInForce: 'GTC' },
      ];
      const placed = await desk.placeMany(orders.map((order) => ({ quantity: '2', ...order })));
      const ids = placed.map((outcome) => {
        if (isDenial(outcome)) throw new Error(`${outcome.code}: ${outcome.message}`);
        return outcome.order.id;
      });
      const filled = await floor.moveUntil(desk, ids, 'FILLED');
      expect(filled.every(({ filledQuantity }) => filledQuantity === '2')).toBe(true);
      for (const id of ids) expect(await desk.eventTypes(id)).toContain('TRIGGERED');
    });

    it('a trailing stop follows the market up and never down', async () => {
      const { id } = await desk.placed({
        side: 'SELL',
        type: 'TRAILING_STOP',
        trailingOffset: '0.1',
        trailingOffsetType: 'PERCENT',
        timeInForce: 'GTC',
      });
      const levels: number[] = [];
      for (let minute = 0; minute < 12; minute += 1) {
        await floor.venue.advance(5 * 60_000);
        const { triggerPrice } = await desk.order(id);
        if (triggerPrice !== null) levels.push(Number(triggerPrice));
      }
      expect(levels).toEqual([...levels].sort((a, b) => a - b));
      await desk.cancel(id);
      await desk.settled(id, 'CANCELED');
    });

    it('a cancel sent right behind a replace ends the order, whichever revision works by then', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { id } = await desk.placed({ type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' });
        await desk.settled(id, 'ACCEPTED');
        const [, canceled] = await Promise.all([desk.replace(id, { quantity: '2' }), desk.cancel(id)]);
        expect(canceled).toHaveProperty('order');
        await desk.settled(id, 'CANCELED');
      }
    });
  });
});
