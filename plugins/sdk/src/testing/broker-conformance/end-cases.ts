import type { BrokerOutcome } from '../../broker-requests.ts';
import type { BrokerBench } from './broker-bench.ts';
import { type BrokerCase, concerns, timesHeld, timesSent } from './broker-case.ts';
import { type Connected, shown } from './connected.ts';
import { tenths } from './ledger.ts';
import { expectThat } from './patience.ts';
import { changedTerm } from './terms.ts';

const TOO_LATE = new Set(['TOO_LATE', 'UNKNOWN_ORDER']);

/** A refusal because there is nothing left to cancel or replace: as the outcome, or later on the stream. */
async function refusedAsLate(
  bench: BrokerBench,
  connected: Connected,
  outcome: BrokerOutcome,
  kind: 'cancelRejected' | 'replaceRejected',
): Promise<void> {
  const late = (): { readonly code: string } | null => {
    const found = connected.told.events.find((event) => event.kind === kind);
    return found !== undefined && 'code' in found ? found : null;
  };
  if (outcome.kind === 'accepted') await bench.patience.until(`a ${kind} event`, () => late() !== null);
  const refusal = outcome.kind === 'rejected' ? outcome : late();
  expectThat(
    refusal !== null,
    () => `where there is nothing left to be done the outcome is ${shown(outcome)}`,
  );
  expectThat(
    TOO_LATE.has(refusal.code),
    `the refusal is ${refusal.code}: it has to be TOO_LATE or UNKNOWN_ORDER`,
  );
}

const untilKind = (bench: BrokerBench, connected: Connected, id: string, kind: string): Promise<void> =>
  bench.patience.until(`a ${kind} event`, () => connected.told.kindsOf(id).some((each) => each === kind));

export const cancelRaceCase: BrokerCase = {
  number: 'B18',
  title: 'a cancel ends in canceled with what was filled before it',
  async run(bench) {
    const connected = await bench.ready();
    const brokerOrderId = await connected.place('cancelled');
    const part = tenths(bench.fixture.quantity, 3);
    await bench.fill('cancelled', part);
    const outcome = await connected.cancel('cancelled', brokerOrderId);
    expectThat(outcome.kind === 'accepted', () => `a cancel of a working order is ${shown(outcome)}`);
    await untilKind(bench, connected, 'cancelled', 'canceled');
    await untilKind(bench, connected, 'cancelled', 'filled');
    const found = await connected.lookup('cancelled');
    expectThat(found?.status === 'CANCELED', `lookup has a cancelled order as ${found?.status ?? 'nothing'}`);
    expectThat(
      found.filledQuantity === part,
      `lookup has ${found.filledQuantity} filled, and it was ${part}`,
    );
    expectThat((await connected.openOrders()).length === 0, 'a cancelled order is in openOrders');
  },
};

export const cancelLateCase: BrokerCase = {
  number: 'B19',
  title: 'a cancel of an order that is filled or unknown is refused as such',
  async run(bench) {
    const connected = await bench.ready();
    const brokerOrderId = await connected.place('filled');
    await bench.fill('filled', bench.fixture.quantity);
    await untilKind(bench, connected, 'filled', 'filled');
    await refusedAsLate(bench, connected, await connected.cancel('filled', brokerOrderId), 'cancelRejected');
    const found = await connected.lookup('filled');
    expectThat(found?.status === 'FILLED', 'after the cancel lookup has the order no longer as FILLED');
    expectThat(!connected.told.kindsOf('filled').includes('canceled'), 'a filled order is told as canceled');
    connected.told.events.length = 0;
    await refusedAsLate(bench, connected, await connected.cancel('never-placed'), 'cancelRejected');
  },
};

export const cancelLostCase: BrokerCase = {
  number: 'B20',
  title: 'a cancel without an answer is unknown, and nothing is canceled before the venue says so',
  async run(bench) {
    const connected = await bench.ready();
    const brokerOrderId = await connected.place('lost');
    const before = bench.sum(({ bytes }) => bytes);
    bench.each((proxy) => {
      proxy.gate('request', 'up', 'swallow');
      if (proxy.connections === proxy.streams) proxy.gate('stream', 'up', 'swallow');
    });
    const outcome = await connected.cancel('lost', brokerOrderId, {
      when: () => bench.sum(({ bytes }) => bytes) > before,
    });
    expectThat(
      outcome.kind === 'unknown' || outcome.kind === 'notSent',
      () => `a cancel without an answer is ${shown(outcome)}`,
    );
    await bench.heal();
    await connected.untilReady();
    expectThat(
      !connected.told.kindsOf('lost').includes('canceled'),
      'an order that works is told as canceled',
    );
    const found = await connected.lookup('lost');
    expectThat(found?.status === 'WORKING', `lookup has a working order as ${found?.status ?? 'nothing'}`);
    await connected.cancel('lost', brokerOrderId);
    await untilKind(bench, connected, 'lost', 'canceled');
  },
};

export const restartCase: BrokerCase = {
  number: 'B29',
  title: 'after a restart orders, fills and positions are the same; what no gateway placed is told as such',
  async run(bench) {
    const first = await bench.ready();
    await first.place('kept');
    await bench.fill('kept', tenths(bench.fixture.quantity, 2));
    const foreign = await bench.venue.placeForeign();
    const before = await first.fills();
    await first.close();
    const second = await bench.ready();
    const open = await second.openOrders();
    const ids = open.map(({ brokerOrderId }) => brokerOrderId);
    expectThat(open.length === 2, () => `openOrders has ${shown(ids)}, and there are two orders`);
    const kept = open.find(({ venueOrderId }) => venueOrderId === 'kept');
    expectThat(kept !== undefined, 'an order of ours has lost its venueOrderId');
    expectThat(ids.includes(foreign), 'an order that no gateway placed is not in openOrders');
    expectThat(
      kept.filledQuantity === tenths(bench.fixture.quantity, 2),
      'filledQuantity is not what was filled',
    );
    expectThat(shown((await second.fills()).events) === shown(before.events), 'fillsSince has other fills');
    expectThat((await second.fills(before.cursor)).events.length === 0, 'a cursor from before does not hold');
    await bench.patience.linger();
    expectThat((await bench.venue.orders()).length === 2, 'a restart has made orders');
    expectThat((await timesSent(bench, 'kept', 'cancel')) === 0, 'a restart has cancelled orders');
  },
};

export const dayCase: BrokerCase = {
  number: 'B41',
  title: 'an order that the venue ends by itself is told as expired or canceled',
  async run(bench) {
    const connected = await bench.ready();
    concerns(connected.broker.capabilities.timesInForce.includes('DAY'), 'it has no DAY orders');
    await connected.place('day', { timeInForce: 'DAY', ...bench.far });
    await bench.venue.expire('day');
    await bench.patience.until('an expired event', () =>
      connected.told.kindsOf('day').some((kind) => kind === 'expired' || kind === 'canceled'),
    );
    const found = await connected.lookup('day');
    expectThat(
      found?.status === 'EXPIRED' || found?.status === 'CANCELED',
      `lookup has an order whose day is over as ${found?.status ?? 'nothing'}`,
    );
  },
};

export const replaceCase: BrokerCase = {
  number: 'B21',
  title: 'a replace works under its new id, with its new terms; the old one is gone',
  async run(bench) {
    const connected = await bench.ready();
    concerns(connected.broker.capabilities.replace, 'it has no replace');
    const brokerOrderId = await connected.place('old');
    await bench.fill('old', tenths(bench.fixture.quantity, 1));
    const terms = { quantity: tenths(bench.fixture.quantity, 20) };
    const outcome = await connected.replace({ venueOrderId: 'old', brokerOrderId }, 'new', terms);
    expectThat(outcome.kind === 'accepted', () => `a replace of a working order is ${shown(outcome)}`);
    await untilKind(bench, connected, 'new', 'replaced');
    const found = await connected.lookup('new');
    expectThat(found?.status === 'WORKING', `lookup has the new revision as ${found?.status ?? 'nothing'}`);
    const wrong = changedTerm(connected.order('new', terms), found.terms);
    expectThat(wrong === null, `lookup has another ${wrong ?? ''} than the replacement`);
    const old = await connected.lookup('old');
    expectThat(
      old === null || old.status === 'REPLACED',
      `lookup has the old revision as ${old?.status ?? ''}`,
    );
    const open = await connected.openOrders();
    expectThat(open.length === 1 && open[0]?.venueOrderId === 'new', () => `openOrders has ${shown(open)}`);
    await bench.fill('new', tenths(bench.fixture.quantity, 1));
    await untilKind(bench, connected, 'new', 'filled');
    expectThat((await timesSent(bench, 'new', 'replace')) === 1, 'the replace was sent more than once');
  },
};

export const replaceLateCase: BrokerCase = {
  number: 'B22',
  title: 'a replace of an order that is filled is refused, and the order stays filled',
  async run(bench) {
    const connected = await bench.ready();
    concerns(connected.broker.capabilities.replace, 'it has no replace');
    const brokerOrderId = await connected.place('filled');
    await bench.fill('filled', bench.fixture.quantity);
    await untilKind(bench, connected, 'filled', 'filled');
    const outcome = await connected.replace({ venueOrderId: 'filled', brokerOrderId }, 'too-late', {});
    await refusedAsLate(bench, connected, outcome, 'replaceRejected');
    const [old, next] = [await connected.lookup('filled'), await connected.lookup('too-late')];
    expectThat(old?.status === 'FILLED', 'after the replace lookup has the order no longer as FILLED');
    expectThat(next === null || next.status === 'REJECTED', 'a replace that was refused has made an order');
    expectThat((await timesHeld(bench, 'filled')) === 1, 'the venue has another order');
  },
};
