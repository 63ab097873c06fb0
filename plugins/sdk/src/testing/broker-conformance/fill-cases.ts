import type { BrokerBench } from './broker-bench.ts';
import type { BrokerCase } from './broker-case.ts';
import { type Connected, shown } from './connected.ts';
import { executionsByKey, sameAsVenue, sameExecution, sameHoldings, tenths } from './ledger.ts';
import { expectThat } from './patience.ts';
import { sameAmount } from './terms.ts';

/** Fills an order in parts of so many tenths of it. */
async function fillInParts(bench: BrokerBench, id: string, parts: readonly number[]): Promise<void> {
  for (const part of parts) await bench.fill(id, tenths(bench.fixture.quantity, part));
}

const untilFills = (bench: BrokerBench, connected: Connected, count: number): Promise<void> =>
  bench.patience.until(`${String(count)} fills`, () => {
    const ids = new Set(connected.told.fills.map(({ executionId }) => executionId));
    return ids.size >= count;
  });

/** Each fill that was told is an execution of the venue, with an id and amounts of its own. */
async function eachIsTheVenues(bench: BrokerBench, connected: Connected): Promise<void> {
  const executions = await executionsByKey(bench);
  for (const fill of connected.told.fills) {
    expectThat(fill.account === connected.account, 'a fill names another account');
    expectThat(fill.venueOrderId !== null, 'a fill of our order has no venueOrderId');
    sameExecution(fill, executions.get(`${fill.venueOrderId} ${fill.executionId}`));
  }
}

export const partsCase: BrokerCase = {
  number: 'B14',
  title: 'fills in parts are told each with its own id, and add up',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('parts');
    await fillInParts(bench, 'parts', [2, 3, 5]);
    await untilFills(bench, connected, 3);
    await eachIsTheVenues(bench, connected);
    const found = await connected.lookup('parts');
    expectThat(found?.status === 'FILLED', `a filled order is ${found?.status ?? 'nowhere'} by lookup`);
    expectThat(
      sameAmount(found.filledQuantity, bench.fixture.quantity),
      `lookup has ${found.filledQuantity} filled of ${bench.fixture.quantity}`,
    );
    expectThat((await connected.openOrders()).length === 0, 'a filled order is in openOrders');
    const cursors = connected.told.fills.map(({ cursor }) => cursor);
    const last = cursors.at(-1) ?? null;
    if (last !== null) {
      const { events } = await connected.fills(last);
      expectThat(events.length === 0, 'after the cursor of the last fill fillsSince has more');
    }
  },
};

export const doubledCase: BrokerCase = {
  number: 'B15',
  title: 'a stream that says all twice brings no other executions, and every status',
  async run(bench) {
    const connected = await bench.ready();
    bench.each((proxy) => {
      proxy.disturb(() => ({ copies: 2, later: false }));
    });
    await connected.place('doubled');
    await fillInParts(bench, 'doubled', [4, 6]);
    await untilFills(bench, connected, 2);
    await bench.patience.linger();
    await eachIsTheVenues(bench, connected);
    expectThat(
      connected.told.isReady,
      () => `doubled messages made it ${shown(connected.told.statuses.at(-1))}`,
    );
  },
};

export const reorderedCase: BrokerCase = {
  number: 'B16',
  title: 'fills out of order are passed on as they are, each with its own quantity',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('reordered');
    let count = 0;
    bench.each((proxy) => {
      proxy.disturb(() => ({ copies: 1, later: (count += 1) % 2 === 1 }));
    });
    const before = bench.sum(({ messages }) => messages);
    await fillInParts(bench, 'reordered', [1, 2, 3, 4]);
    await bench.patience.until(
      'the fills on the stream',
      () => bench.sum(({ messages }) => messages) >= before + 4,
    );
    bench.each((proxy) => {
      proxy.disturb(null);
    });
    await bench.patience.until('all fills, by the stream or by fillsSince after a gap', async () => {
      if (connected.told.fills.length >= 4) return true;
      const isGap = connected.told.statuses.filter(({ state }) => state === 'READY').length > 1;
      return isGap && (await connected.fills()).events.length >= 4;
    });
    await eachIsTheVenues(bench, connected);
    await sameAsVenue(bench, (await connected.fills()).events);
  },
};

export const bustCase: BrokerCase = {
  number: 'B25',
  title: 'an execution that the venue takes back is told as busted, and is in fillsSince',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('busted');
    await fillInParts(bench, 'busted', [5, 5]);
    await untilFills(bench, connected, 2);
    const [first] = await bench.venue.executions();
    await bench.venue.bust(first?.executionId ?? '');
    await bench.patience.until('a busted event', () =>
      connected.told.events.some(
        (event) => event.kind === 'busted' && event.executionId === first?.executionId,
      ),
    );
    await sameAsVenue(bench, (await connected.fills()).events);
    await sameHoldings(bench, connected);
  },
};

export const gapCase: BrokerCase = {
  number: 'B26',
  title: 'a lost stream is told, and what was missed meanwhile is in fillsSince from the last cursor on',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('gap');
    await fillInParts(bench, 'gap', [1]);
    await untilFills(bench, connected, 1);
    const before = await connected.fills();
    bench.each((proxy) => {
      proxy.refuse(true);
      proxy.cut();
    });
    await fillInParts(bench, 'gap', [2, 3]);
    await connected.untilDown(bench.fixture.silenceMs ?? 10_000);
    await bench.heal();
    await connected.untilReady();
    await connected.attach();
    const after = await connected.fills(before.cursor);
    expectThat(
      after.events.filter(({ kind }) => kind === 'filled').length === 2,
      () => `of two fills in the gap, fillsSince has ${shown(after.events.map(({ kind }) => kind))}`,
    );
    await sameAsVenue(bench, [...before.events, ...after.events]);
    await fillInParts(bench, 'gap', [4]);
    const [last] = (await bench.venue.executions()).slice(-1);
    await bench.patience.until('a fill after the gap', () =>
      connected.told.fills.some(({ executionId }) => executionId === last?.executionId),
    );
  },
};

export const decimalsCase: BrokerCase = {
  number: 'B32',
  title: 'no digit of a quantity, a price, an amount or an id gets lost',
  async run(bench) {
    const connected = await bench.ready();
    const { price, quantity } = bench.fixture.finest;
    const brokerOrderId = await connected.place('fine', { quantity, limitPrice: price });
    const [held] = await bench.venue.orders();
    expectThat(
      sameAmount(held?.terms.quantity, quantity) && sameAmount(held?.terms.limitPrice, price),
      () => `${quantity} at ${price} comes to the venue as ${shown(held?.terms)}`,
    );
    expectThat(
      held?.brokerOrderId === brokerOrderId,
      `${shown(held?.brokerOrderId)} is told as ${brokerOrderId}`,
    );
    const found = await connected.lookup('fine');
    expectThat(
      sameAmount(found?.terms.quantity, quantity) && sameAmount(found?.terms.limitPrice, price),
      () => `lookup has ${quantity} at ${price} as ${shown(found?.terms)}`,
    );
    await bench.fill('fine', quantity);
    await untilFills(bench, connected, 1);
    const [execution] = await bench.venue.executions();
    const [fill] = connected.told.fills;
    if (fill !== undefined) sameExecution(fill, execution);
    await sameAsVenue(bench, (await connected.fills()).events);
    await sameHoldings(bench, connected);
  },
};

export const timesCase: BrokerCase = {
  number: 'B34',
  title: "times are the venue's, in epoch milliseconds",
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('timed');
    await fillInParts(bench, 'timed', [10]);
    await untilFills(bench, connected, 1);
    const [execution] = await bench.venue.executions();
    const { events } = await connected.fills();
    for (const fill of [...connected.told.fills, ...events]) {
      expectThat(
        fill.at === execution?.at,
        `the execution was at ${String(execution?.at)} and is told as at ${String(fill.at)}`,
      );
    }
  },
};

export const pagesCase: BrokerCase = {
  number: 'B39',
  title: 'fillsSince has all pages in order, goes on from any cursor, and comes to an end',
  async run(bench) {
    const connected = await bench.ready();
    const { fillsOfThreePages = 12, quantity } = bench.fixture;
    for (let count = 0; count < fillsOfThreePages; count += 1) {
      const id = `page-${String(count)}`;
      await connected.place(id);
      await bench.fill(id, quantity);
    }
    const all = await connected.fills();
    await sameAsVenue(bench, all.events);
    const fills = all.events.filter((event) => event.kind === 'filled');
    for (const index of [0, Math.floor(fills.length / 2), fills.length - 1]) {
      const cursor = fills[index]?.cursor ?? null;
      if (cursor === null) continue;
      const rest = await connected.fills(cursor);
      const [found, wanted] = [rest.events.length, fills.length - 1 - index];
      expectThat(
        found === wanted,
        `after the cursor of fill ${String(index + 1)} there are ${String(found)} and not ${String(wanted)} more`,
      );
    }
    expectThat(
      (await connected.fills(all.cursor)).events.length === 0,
      'after the last cursor there is more',
    );
    if (!(await bench.venue.repeatPages())) return;
    const call = connected.read('fillsSince of a venue whose pages do not end', (signal) =>
      connected.broker.fillsSince(connected.account, null, signal),
    );
    const outcome = await call.then(
      () => null,
      (error: unknown) => error,
    );
    expectThat(
      outcome !== null && !(outcome instanceof DOMException && outcome.name === 'TimeoutError'),
      'fillsSince asks for the same page for ever, or takes it for new: it has to end with an error',
    );
  },
};
