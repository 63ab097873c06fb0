import type { VenueBar } from '@omniquant/plugin-sdk';
import { barHistory } from '@omniquant/venue/bar-history';
import { INSTRUMENTS } from '@omniquant/venue/recorded-markets';

import type { AccountViews } from './account-views.ts';
import type { Lockstep } from './lockstep.ts';
import {
  checkAck,
  checkAdvance,
  checkClock,
  checkDisturbance,
  checkFates,
  checkFaults,
  checkLockstep,
  checkOpenAccount,
  checkTamper,
  checkTransfer,
  decimalOf,
  integerOf,
  intervalOf,
} from './request-schemas.ts';
import { type Route, route } from './router.ts';
import type { StreamHub } from './stream-hub.ts';
import type { VenueEngine } from './venue-engine.ts';
import { VenueError } from './venue-error.ts';
import { changeFaults } from './venue-faults.ts';

const MAX_BARS = 1_000;
const CURRENCY = 'USD';

export interface VenueParts {
  readonly engine: VenueEngine;
  readonly views: AccountViews;
  readonly hub: StreamHub;
  readonly lockstep: Lockstep;
}

/** Everything but the order requests, which have a way in of their own. */
export const venueRoutes = (parts: VenueParts): Route[] => [
  ...accountRoutes(parts),
  ...marketRoutes(parts),
  ...controlRoutes(parts),
];

const accountRoutes = ({ engine, views }: VenueParts): Route[] => [
  route('POST', '/accounts', async ({ body }) => {
    const { account, currency, startingCash } = checkOpenAccount(body());
    if (currency !== CURRENCY) {
      throw new VenueError(
        422,
        'UNSUPPORTED_CURRENCY',
        `accounts are kept in ${CURRENCY}, not in ${currency}`,
      );
    }
    const cash = decimalOf(startingCash ?? '0');
    const opened = await engine.perform(() => engine.exchange.openAccount(account, currency, cash));
    return { account, opened };
  }),
  route('GET', '/accounts', () =>
    engine.exchange.accounts().map(({ id, currency }) => ({ account: id, currency })),
  ),
  route('GET', '/accounts/:account/orders', ({ param }) =>
    views.openOrders(views.account(param('account')).id),
  ),
  route('GET', '/accounts/:account/orders/:id', ({ param }) => views.lookup(param('account'), param('id'))),
  route('GET', '/accounts/:account/fills', ({ param, query }) =>
    views.fills(views.account(param('account')).id, integerOf(query, 'after') ?? 0),
  ),
  route('GET', '/accounts/:account/positions', ({ param }) => views.positions(param('account'))),
  route('GET', '/accounts/:account/balances', ({ param }) => views.balances(param('account'))),
  route('GET', '/accounts/:account/ledger', ({ param }) => views.ledger(param('account'))),
  route('POST', '/accounts/:account/transfers', async ({ param, body }) => {
    const { amount, currency, reason, reference } = checkTransfer(body());
    const { id } = views.account(param('account'));
    await engine.perform(() => engine.exchange.transfer(id, decimalOf(amount), currency, reason, reference));
    return views.balances(id);
  }),
  route('POST', '/accounts/:account/tamper', async ({ param, body }) => {
    const { cash, position } = checkTamper(body());
    const { id } = views.account(param('account'));
    const lots =
      position === undefined ? 0 : engine.exchange.gridOf(position.symbol)?.signedLots(position.quantity);
    if (lots === undefined || lots === null) {
      throw new VenueError(400, 'INVALID_REQUEST', 'symbol or quantity does not exist here');
    }
    await engine.perform(() =>
      engine.exchange.tamper(id, {
        ...(cash === undefined ? {} : { cash: decimalOf(cash) }),
        ...(position === undefined ? {} : { symbol: position.symbol, lots }),
      }),
    );
    return { balances: views.balances(id), positions: views.positions(id) };
  }),
  route('GET', '/ledger', () => engine.exchange.accounts().map(({ id }) => views.ledger(id))),
  route('POST', '/executions/:id/bust', async ({ param }) => ({
    busted: await engine.perform(() => engine.exchange.bust(param('id'))),
  })),
];

const marketRoutes = ({ engine }: VenueParts): Route[] => [
  route('GET', '/instruments', () => INSTRUMENTS),
  route('GET', '/bars', async ({ query }) => {
    const request = {
      symbol: query.get('symbol') ?? '',
      interval: intervalOf(query),
      from: integerOf(query, 'from'),
      to: integerOf(query, 'to'),
      now: engine.now,
    };
    const limit = Math.min(Math.max(integerOf(query, 'limit') ?? MAX_BARS, 0), MAX_BARS);
    const bars: VenueBar[] = [];
    for (const session of barHistory(engine.replay, request)) {
      bars.push(...session);
      if (bars.length >= limit) break;
      // Paths take milliseconds a day to draw: others get their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return bars.slice(0, limit);
  }),
  route('GET', '/clock', () => engine.clock),
  route('PUT', '/clock', async ({ body }) => {
    const { speed, held } = checkClock(body());
    await engine.perform(() => {
      if (speed !== undefined) engine.pacer.setSpeed(speed);
      if (held !== undefined) engine.hold(held);
      engine.settingsChanged();
    });
    return engine.clock;
  }),
  route('POST', '/clock/advance', async ({ body }) => {
    const { ms } = checkAdvance(body());
    await engine.perform(() => {
      engine.step(ms);
    });
    return engine.clock;
  }),
];

const controlRoutes = ({ engine, hub, lockstep }: VenueParts): Route[] => [
  route('GET', '/faults', () => engine.draws.faults),
  route('PUT', '/faults', async ({ body }) => {
    const change = checkFaults(body());
    await engine.perform(() => {
      engine.setFaults(changeFaults(engine.draws.faults, change));
    });
    return engine.draws.faults;
  }),
  route('POST', '/faults/requests', ({ body }) => {
    const { next } = checkFates(body());
    engine.draws.scriptRequests(next);
    return { next };
  }),
  route('POST', '/faults/streams', ({ body }) => {
    const { action } = checkDisturbance(body());
    hub.disturb(action);
    return { action };
  }),
  route('GET', '/lockstep', () => lockstep.state),
  route('PUT', '/lockstep', async ({ body }) => {
    await lockstep.set(checkLockstep(body()));
    return lockstep.state;
  }),
  route('POST', '/lockstep/ack', ({ body }) => ({
    acknowledged: lockstep.acknowledge(checkAck(body()).step),
  })),
  route('GET', '/health', () => ({ status: 'ok', at: engine.now })),
];
