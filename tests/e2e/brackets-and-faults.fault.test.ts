import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { Desk } from '../support/gateway/desk.ts';
import type { OrderData } from '../support/gateway/desk-data.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';
import { until } from '../support/gateway/until.ts';

jest.setTimeout(120_000);

const RICH = { startingCash: '10000000' };

describe('brackets, and a venue that misbehaves', () => {
  let floor: Floor;
  let desk: Desk;

  beforeAll(async () => {
    floor = await openFloor({ BROKER_TIMEOUT_MS: '1500', LEASE_TTL_MS: '3000', RECONCILE_EVERY_MS: '500' });
  });

  beforeEach(async () => {
    desk = await floor.openDesk(RICH);
  });

  afterAll(async () => {
    await floor.close();
  });

  const legsOf = async (id: string): Promise<{ readonly profit: OrderData; readonly stop: OrderData }> => {
    const legs = await desk.legs(id);
    const profit = legs.find(({ role }) => role === 'TAKE_PROFIT');
    const stop = legs.find(({ role }) => role === 'STOP_LOSS');
    if (profit === undefined || stop === undefined) throw new Error(JSON.stringify(legs));
    return { profit, stop };
  };

  const EXITS = { takeProfit: { limitPrice: '180' }, stopLoss: { stopPrice: '50' } };

  /** A bracket whose entry has filled and whose exits stand. */
  const standing = async (): Promise<{ readonly profit: OrderData; readonly stop: OrderData }> => {
    const { id } = await desk.placed({ quantity: '6', ...EXITS });
    await desk.settled(id, 'FILLED');
    const { profit, stop } = await legsOf(id);
    await desk.settled(profit.id, 'ACCEPTED');
    await until('a stop that is on guard', async () => (await desk.order(stop.id)).quantity === '6');
    return { profit, stop };
  };

  describe('a bracket', () => {
    it('keeps its exits back until the entry fills, and ends them with an entry that does not', async () => {
      const { id } = await desk.placed({
        quantity: '6',
        type: 'LIMIT',
        limitPrice: '60',
        timeInForce: 'GTC',
        ...EXITS,
      });
      await desk.settled(id, 'ACCEPTED');
      const { profit, stop } = await legsOf(id);
      for (const leg of [profit, stop]) expect(leg).toMatchObject({ status: 'HELD', side: 'SELL' });
      await desk.cancel(id);
      for (const leg of [profit, stop]) await desk.settled(leg.id, 'CANCELED');
      expect(await desk.position('AAPL')).toBe('0');
    });

    it('whose profit is taken ends its stop', async () => {
      const { profit, stop } = await standing();
      await desk.replace(profit.id, { limitPrice: await floor.bid('AAPL', -1) });
      await desk.settled(profit.id, 'FILLED');
      await desk.settled(stop.id, 'CANCELED');
      expect(await desk.position('AAPL')).toBe('0');
      await floor.expectEqualBooks(desk);
    });

    it('whose stop triggers ends its profit first and then closes', async () => {
      const { profit, stop } = await standing();
      await desk.replace(stop.id, { stopPrice: await floor.ask('AAPL', 1) });
      await desk.settled(profit.id, 'CANCELED');
      expect(await desk.settled(stop.id, 'FILLED')).toMatchObject({ filledQuantity: '6' });
      expect(await desk.position('AAPL')).toBe('0');
      await floor.expectEqualBooks(desk);
    });

    it('sells nothing twice when its profit was taken and the stop triggers before that is heard', async () => {
      const { profit, stop } = await standing();
      await floor.venue.setFaults({ stream: { delayProbability: 1, delayMs: { min: 1_500, max: 1_500 } } });
      await desk.replace(profit.id, { limitPrice: await floor.bid('AAPL', -1) });
      await until('a fill at the venue', async () => {
        const { executions } = await floor.venue.ledger(desk.accountId);
        return executions.length === 2;
      });
      expect((await desk.order(profit.id)).status).not.toBe('FILLED');
      await desk.replace(stop.id, { stopPrice: await floor.ask('AAPL', 1) });
      await until('the trigger', async () => (await desk.eventTypes(stop.id)).includes('TRIGGERED'));
      await desk.settled(profit.id, 'FILLED');
      await desk.settled(stop.id, 'CANCELED');
      await floor.venue.setFaults({ stream: { delayProbability: 0 } });
      expect(await desk.position('AAPL')).toBe('0');
      await floor.expectEqualBooks(desk);
    });

    it('sizes its exits to what has filled of the entry', async () => {
      await floor.venue.setFaults({ execution: { partialFillProbability: 1 } });
      const { id } = await desk.placed({
        quantity: '10',
        type: 'LIMIT',
        limitPrice: await floor.ask('AAPL', 1),
        timeInForce: 'GTC',
        ...EXITS,
      });
      const part = await desk.settled(id, 'PARTIALLY_FILLED');
      const { profit, stop } = await legsOf(id);
      for (const leg of [profit, stop]) {
        await until('a leg of the size of what has filled', async () => {
          const { quantity, pending } = await desk.order(leg.id);
          return quantity === part.filledQuantity && pending.length === 0;
        });
      }
      await floor.venue.setFaults({ execution: { partialFillProbability: 0 } });
      await floor.moveUntil(desk, [id], 'FILLED');
      for (const leg of [profit, stop]) {
        await until('a leg of the whole size', async () => (await desk.order(leg.id)).quantity === '10');
      }
      await desk.close('AAPL');
      // The venue ends a reduce-only order that has nothing left to reduce; the stop is the gateway's.
      await desk.settled(profit.id, 'CANCELED');
      await desk.cancel(stop.id);
      await desk.settled(stop.id, 'CANCELED');
      await floor.expectEqualBooks(desk);
    });
  });

  describe('a venue that', () => {
    it('loses its answer leaves the order in doubt until it is asked, and once only', async () => {
      await floor.venue.scriptRequests(['loseAnswer']);
      const { id } = await desk.placed({ quantity: '2' });
      await desk.settled(id, 'FILLED');
      const { orders } = await floor.venue.ledger(desk.accountId);
      expect(orders).toHaveLength(1);
      await floor.expectEqualBooks(desk);
    });

    it('loses a request gets it again, under the same id', async () => {
      await floor.venue.scriptRequests(['loseRequest']);
      const { id } = await desk.placed({ quantity: '2' });
      const done = await desk.settled(id, 'FILLED', 'REJECTED');
      expect(await desk.eventTypes(id)).toContain('IN_DOUBT');
      const { orders } = await floor.venue.ledger(desk.accountId);
      expect(orders).toHaveLength(done.status === 'FILLED' ? 1 : 0);
      await floor.expectEqualBooks(desk);
    });

    it('answers with nonsense does not end an order', async () => {
      await floor.venue.scriptRequests(['garbage']);
      const { id } = await desk.placed({ quantity: '2' });
      await desk.settled(id, 'FILLED', 'REJECTED');
      await floor.expectEqualBooks(desk);
    });

    it('loses a cancel is asked again', async () => {
      const { id } = await desk.placed({ type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' });
      await desk.settled(id, 'ACCEPTED');
      await floor.venue.scriptRequests(['loseRequest']);
      await desk.cancel(id);
      expect(await desk.order(id)).toMatchObject({ pending: ['CANCEL'] });
      await desk.settled(id, 'CANCELED');
    });

    it('refuses an order ends it, with its words', async () => {
      await floor.venue.setFaults({ execution: { rejectProbability: 1 } });
      const { id } = await desk.placed();
      const rejected = await desk.settled(id, 'REJECTED');
      await floor.venue.setFaults({ execution: { rejectProbability: 0 } });
      expect(rejected.reason).toMatch(/^OTHER/);
    });

    it('doubles, delays, reorders and drops messages changes no book', async () => {
      await floor.venue.setFaults({
        stream: {
          duplicateProbability: 0.5,
          reorderProbability: 0.5,
          delayProbability: 0.5,
          delayMs: { min: 0, max: 300 },
          dropProbability: 0.1,
        },
        execution: { lateFeeProbability: 0.5 },
      });
      const orders = Array.from({ length: 20 }, (_, index) => ({ side: index % 2 === 0 ? 'BUY' : 'SELL' }));
      await desk.placeMany(orders);
      await floor.venue.setFaults({
        stream: { duplicateProbability: 0, reorderProbability: 0, delayProbability: 0, dropProbability: 0 },
        execution: { lateFeeProbability: 0 },
      });
      await floor.venue.advance(10_000);
      await floor.venue.disturbStreams('cut');
      const { venue } = await floor.expectEqualBooks(desk);
      expect(Object.keys(venue.executions)).toHaveLength(20);
      expect(venue.positions).toEqual({});
    });

    it('takes a fill back is followed, and the alarm is raised', async () => {
      const { id } = await desk.placed({ quantity: '3' });
      await desk.settled(id, 'FILLED');
      const { executions } = await floor.venue.ledger(desk.accountId);
      await floor.venue.bust(executions[0]?.executionId ?? '');
      await until('the bust', async () => (await desk.position('AAPL')) === '0');
      await floor.expectEqualBooks(desk);
      expect((await desk.alerts()).map(({ code }) => code)).toContain('FILL_BUSTED');
      expect(await desk.eventTypes(id)).toContain('FILL_BUSTED');
    });

    it('moves money is followed', async () => {
      await floor.venue.transfer(desk.accountId, '-250.5', 'fee-1');
      await until('the transfer', async () => (await desk.account()).cash === '9999749.5');
      await floor.expectEqualBooks(desk);
    });

    it('has another idea of a position blocks entries until an operator has resolved it', async () => {
      const { id } = await desk.placed({ quantity: '3' });
      await desk.settled(id, 'FILLED');
      await floor.venue.tamper(desk.accountId, { position: { symbol: 'AAPL', quantity: '4' } });
      const codes = async (): Promise<readonly string[]> => (await desk.alerts()).map(({ code }) => code);
      await until('the alarm', async () => (await codes()).includes('POSITION_MISMATCH'));
      expect(await desk.denied()).toMatchObject({ code: 'RECONCILING' });
      await desk.client.ask(
        'mutation($id: ID!) { resolveMismatch(accountId: $id, reason: "a split") { id } }',
        { id: desk.accountId },
      );
      expect(await desk.position('AAPL')).toBe('7');
      const again = await desk.placed();
      await desk.settled(again.id, 'FILLED');
      expect(await codes()).toContain('MISMATCH_RESOLVED');
    });
  });
});
