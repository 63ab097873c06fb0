import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Failpoint } from '../../../../core/ports/failpoints.ts';
import { createStrategyWorld, orderEachBar, type StrategyWorld } from '../../../support/strategy-world.ts';
import type { GatewayProcess } from '../../../support/trading-world.ts';

describe('a strategy on an account', () => {
  let world: StrategyWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    world = await createStrategyWorld([orderEachBar]);
    gateway = await world.start();
    account = await world.openAccount(gateway);
  });

  /** Minutes of the bars that orders were named after, from the first on. */
  const minutesOf = (refs: readonly string[]): readonly number[] => {
    const times = refs.map((ref) => Number(ref.slice('bar-'.length)));
    return times.map((at) => (at - (times[0] ?? 0)) / 60_000);
  };
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

  it('is given each bar as it closes, and its orders go to the venue', async () => {
    const id = await world.startStrategy(gateway, account, 'order-each-bar');
    await world.minutes(6);
    const refs = world.refs(account, id);
    expect(refs.length).toBeGreaterThanOrEqual(5);
    expect(minutesOf(refs)).toEqual(upTo(refs.length));
    expect([...world.venue.orders.values()].filter(({ status }) => status === 'FILLED').length).toBe(
      refs.length,
    );
  });

  it.each<Failpoint>([
    'strategy.before-step',
    'strategy.after-step',
    'journal.before-append',
    'journal.after-append',
    'broker.before-submit',
    'broker.after-submit',
  ])('neither repeats nor skips an order when its gateway dies at %s', async (point) => {
    const id = await world.startStrategy(gateway, account, 'order-each-bar');
    await world.minutes(3);
    gateway.dieAt(point, 2);
    await world.minutes(4);
    expect(gateway.isDead).toBe(true);
    await world.start('gateway-2');
    await world.clock.advance(8_000);
    await world.minutes(4);
    const refs = world.refs(account, id);
    expect(refs.length).toBeGreaterThanOrEqual(9);
    expect(minutesOf(refs)).toEqual(upTo(refs.length));
    const submitted = world.venue.arrived
      .filter(({ kind }) => kind === 'submit')
      .map(({ venueOrderId }) => venueOrderId);
    // Dead for minutes right before it sent, the gateway does not send an order that old: it ends as never sent.
    const neverSent = point === 'broker.before-submit' ? 1 : 0;
    expect(new Set(submitted).size).toBe(refs.length - neverSent);
  });
});
