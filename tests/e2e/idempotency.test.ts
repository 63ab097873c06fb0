import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { readBooks } from '../support/gateway/books.ts';
import { type Desk, isDenial, isPlaced, openDesk, type PlaceOutcome } from '../support/gateway/desk.ts';
import { type LocalGateway, startLocalGateway } from '../support/gateway/local-gateway.ts';
import { controlVenue, type VenueControl } from '../support/gateway/venue-control.ts';

const AT_ONCE = 50;

describe('one client order id, submitted many times', () => {
  let local: LocalGateway;
  let client: ApiClient;
  let venue: VenueControl;
  let desk: Desk;

  beforeAll(async () => {
    local = await startLocalGateway();
    client = await signIn(() => local.address, local.demo);
    venue = controlVenue(local.dataDir);
    await venue.hold();
    await venue.advance(60_000);
    desk = await openDesk(client);
  });

  afterAll(async () => {
    await local.close();
  });

  const submitAll = (order: Readonly<Record<string, unknown>>): Promise<readonly PlaceOutcome[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, () => desk.place(order)));

  it('makes one order of 50 submissions at once, and gives 50 equal answers', async () => {
    const outcomes = await submitAll({ clientOrderId: 'once', quantity: '7' });
    const placed = outcomes.filter(isPlaced);
    expect(placed).toHaveLength(AT_ONCE);
    expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const [first] = placed;
    for (const { order } of placed) {
      // Where the order stands by then is the only thing that may differ.
      expect({
        ...order,
        status: '',
        brokerOrderId: '',
        filledQuantity: '',
        leavesQuantity: '',
        averageFillPrice: '',
      }).toEqual({
        ...first?.order,
        status: '',
        brokerOrderId: '',
        filledQuantity: '',
        leavesQuantity: '',
        averageFillPrice: '',
      });
    }
    await desk.settled(first?.order.id ?? '', 'FILLED');

    const {
      venue: theirs,
      database,
      api,
    } = await readBooks({ dataDir: local.dataDir, venue, client, accountId: desk.accountId });
    expect(theirs.positions).toEqual({ AAPL: '7' });
    expect(database).toEqual(theirs);
    expect(api.fills).toHaveLength(1);
    const { orders } = await venue.ledger(desk.accountId);
    expect(orders).toHaveLength(1);
  });

  it('gives the same answer again long after, as a replay', async () => {
    const [again, other] = await Promise.all([
      desk.place({ clientOrderId: 'once', quantity: '7' }),
      // The same amount, written in another way, is the same content.
      desk.place({ clientOrderId: 'once', quantity: '7.000' }),
    ]);
    expect(again).toMatchObject({ replayed: true, order: { status: 'FILLED', filledQuantity: '7' } });
    expect(other).toEqual(again);
  });

  it('denies other content under a used id, and leaves the first order alone', async () => {
    for (const change of [
      { quantity: '8' },
      { side: 'SELL' },
      { symbol: 'SPX' },
      { timeInForce: 'GTC' },
      { type: 'LIMIT', limitPrice: '90' },
      { reduceOnly: true },
    ]) {
      const denial = await desk.denied({ clientOrderId: 'once', quantity: '7', ...change });
      expect(denial.code).toBe('DUPLICATE_CLIENT_ORDER_ID');
    }
    expect(await desk.position('AAPL')).toBe('7');
  });

  it('keeps a denial under its id, too: 50 equal denials', async () => {
    await desk.setLimits({ maxOrderNotional: '100' });
    const outcomes = await submitAll({ clientOrderId: 'too-large', quantity: '500' });
    const denials = outcomes.filter(isDenial);
    expect(denials).toHaveLength(AT_ONCE);
    expect(new Set(denials.map(({ kept }) => kept?.id)).size).toBe(1);
    expect(new Set(denials.map(({ code }) => code))).toEqual(new Set(['MAX_ORDER_NOTIONAL']));
    await desk.setLimits({ maxOrderNotional: null });
    expect(await desk.denied({ clientOrderId: 'too-large', quantity: '500' })).toEqual(denials[0]);
  });

  it('lets an id be used again in another account, and after a malformed request', async () => {
    const other = await openDesk(client);
    expect((await other.placed({ clientOrderId: 'once', quantity: '3' })).clientOrderId).toBe('once');
    await expect(desk.place({ clientOrderId: 'odd', quantity: 7 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(await desk.denied({ clientOrderId: 'odd', quantity: '0' })).toMatchObject({
      code: 'INVALID_ORDER',
      kept: null,
    });
    expect(isPlaced(await desk.place({ clientOrderId: 'odd', quantity: '1' }))).toBe(true);
  });

  it('replaces once, however often one request id is sent', async () => {
    const { id } = await desk.placed({ type: 'LIMIT', limitPrice: '50', timeInForce: 'GTC', quantity: '5' });
    await desk.settled(id, 'ACCEPTED');
    const change = { requestId: 'same', quantity: '4' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.replace(id, change)));
    expect(answers.every((answer) => 'order' in answer && !isDenial(answer))).toBe(true);
    const replaced = await desk.settled(id, 'ACCEPTED');
    expect(replaced).toMatchObject({ revision: 1, quantity: '4' });
    await desk.cancel(id);
    expect(await desk.settled(id, 'CANCELED')).toMatchObject({ leavesQuantity: '0' });
  });
});
