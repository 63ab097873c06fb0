import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { PublicApi } from '../../support/server/public-api.ts';
import { orderLife, riskAlert } from '../../support/server/scripted-journal.ts';
import { connect, type SocketClient } from '../../support/server/socket-client.ts';
import {
  eventIn,
  EVENTS,
  EVENTS_OF_AN_ORDER,
  GOOD,
  LIFE,
  type Shown,
  startWithAccounts,
  summary,
} from './followed-orders.ts';

const ALERTS =
  'subscription($a: ID!, $after: String) { riskAlerts(accountId: $a, after: $after) { cursor message } }';

/** Collects events in order until there are `count`. */
async function collect(client: SocketClient, count: number): Promise<Shown[]> {
  const events: Shown[] = [];
  while (events.length < count) events.push(eventIn(await client.next(['next'])));
  return events;
}

let api: PublicApi;
beforeAll(async () => {
  api = await startWithAccounts();
});
afterAll(() => api.close());

describe('orderEvents', () => {
  it('shows every event with the order as it stood right after it', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', EVENTS, { a: 'a1' });
    client.send({ type: 'ping' });
    await client.next(['pong']);
    await api.journal.placeOrder('a1', 'o1');
    expect((await collect(client, EVENTS_OF_AN_ORDER)).map(summary)).toEqual(LIFE);
    client.close();
    await client.closed;
  });

  it('goes on after a cursor, and folds orders that began before it', async () => {
    const own = await startWithAccounts();
    await own.journal.placeOrder('a1', 'o1');
    const first = await connect(own.socketAddress, { init: GOOD });
    const beginning = own.services.streamCursors.encode('a1', 0);
    first.subscribe('1', EVENTS, { a: 'a1', after: beginning });
    const all = await collect(first, EVENTS_OF_AN_ORDER);
    expect(all.map(summary)).toEqual(LIFE);
    first.subscribe('2', EVENTS, { a: 'a1', after: all[2]?.cursor });
    const rest = [eventIn(await first.next(['next'], '2')), eventIn(await first.next(['next'], '2'))];
    expect(rest).toEqual(all.slice(3));
    first.close();
    await own.close();
  });

  it('refuses cursors of another account, another history and none at all', async () => {
    const { streamCursors } = api.services;
    const client = await connect(api.socketAddress, { init: GOOD });
    const cases = [
      [streamCursors.encode('b1', 1), 'CURSOR_INVALID'],
      [streamCursors.encode('a1', 1_000_000), 'CURSOR_INVALID'],
      ['nonsense', 'BAD_USER_INPUT'],
    ] as const;
    for (const [after, code] of cases) {
      client.subscribe(after, EVENTS, { a: 'a1', after });
      const { type, payload } = await client.next(['next', 'error'], after);
      const errors = type === 'error' ? payload : (payload as { errors: unknown }).errors;
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
    client.close();
    await client.closed;
  });

  it('is not there for an account of another workspace, in the same words as for none', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    const answers = [];
    for (const id of ['b1', 'zz']) {
      client.subscribe(id, EVENTS, { a: id });
      const { payload } = await client.next(['next', 'error'], id);
      answers.push(JSON.stringify(payload).replaceAll(id, 'ID'));
    }
    expect(answers[0]).toContain('NOT_FOUND');
    expect(answers[1]).toBe(answers[0]);
    client.close();
    await client.closed;
  });

  it('gives each workspace its own events, with equal documents on one server', async () => {
    const [mine, theirs] = [
      await connect(api.socketAddress, { init: GOOD }),
      await connect(api.socketAddress, { init: { authorization: 'Bearer other' } }),
    ];
    mine.subscribe('1', EVENTS, { a: 'a1' });
    theirs.subscribe('1', EVENTS, { a: 'b1' });
    for (const client of [mine, theirs]) {
      client.send({ type: 'ping' });
      await client.next(['pong']);
    }
    await Promise.all([api.journal.placeOrder('a1', 'mine'), api.journal.placeOrder('b1', 'theirs')]);
    expect(new Set((await collect(mine, EVENTS_OF_AN_ORDER)).map(({ order }) => order.id))).toEqual(
      new Set(['mine']),
    );
    expect(new Set((await collect(theirs, EVENTS_OF_AN_ORDER)).map(({ order }) => order.id))).toEqual(
      new Set(['theirs']),
    );
    for (const client of [mine, theirs]) client.close();
    await Promise.all([mine.closed, theirs.closed]);
  });

  it('arrives though the notices of commits are lost', async () => {
    const own = await startWithAccounts({ deaf: true });
    const client = await connect(own.socketAddress, { init: GOOD });
    client.subscribe('1', EVENTS, { a: 'a1', after: own.services.streamCursors.encode('a1', 0) });
    await own.journal.placeOrder('a1', 'o1');
    expect((await collect(client, EVENTS_OF_AN_ORDER)).map(summary)).toEqual(LIFE);
    await own.journal.placeOrder('a1', 'o2');
    expect((await collect(client, EVENTS_OF_AN_ORDER)).map(summary)).toEqual(LIFE);
    client.close();
    await own.close();
  });

  it('loses nothing and repeats nothing in 10,000 events over 20 disconnects', async () => {
    const own = await startWithAccounts({ limits: { subscriberQueue: 256 } });
    const orders = 2_000;
    const total = orders * EVENTS_OF_AN_ORDER;
    const writing = (async () => {
      for (let batch = 0; batch < orders; batch += 10) {
        const events = Array.from({ length: 10 }, (_, index) =>
          orderLife(`o${String(batch + index)}`),
        ).flat();
        await own.journal.append('a1', events);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const seen: string[] = [];
    let after = own.services.streamCursors.encode('a1', 0);
    let disconnects = 0;
    while (seen.length < total) {
      const client = await connect(own.socketAddress, { init: GOOD });
      client.subscribe('1', EVENTS, { a: 'a1', after });
      const enough = disconnects < 20 ? seen.length + total / 21 : total;
      const stop = new Promise<void>((resolve) => {
        client.onMessage((message) => {
          if (seen.length >= enough) return;
          if (message.type !== 'next') {
            resolve();
            return;
          }
          const event = eventIn(message);
          seen.push(`${event.order.id} ${summary(event)}`);
          after = event.cursor;
          if (seen.length >= enough) resolve();
        });
      });
      await stop;
      client.close();
      disconnects += 1;
    }
    await writing;
    expect(disconnects).toBeGreaterThan(20);
    const expected = Array.from({ length: orders }, (_, index) =>
      LIFE.map((line) => `o${String(index)} ${line}`),
    );
    expect(seen).toEqual(expected.flat());
    await own.close();
  }, 60_000);
});

describe('riskAlerts', () => {
  it('resumes as order events do, though there are other events between', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    await api.journal.append('a1', [riskAlert('one')]);
    await api.journal.placeOrder('a1', 'between');
    await api.journal.append('a1', [riskAlert('two')]);
    client.subscribe('1', ALERTS, { a: 'a1', after: api.services.streamCursors.encode('a1', 0) });
    const take = async (id: string) =>
      (
        (await client.next(['next'], id)).payload as {
          data: { riskAlerts: { cursor: string; message: string } };
        }
      ).data.riskAlerts;
    const [one, two] = [await take('1'), await take('1')];
    await api.journal.append('a1', [riskAlert('three')]);
    const three = await take('1');
    expect([one.message, two.message, three.message]).toEqual(['one', 'two', 'three']);
    client.subscribe('2', ALERTS, { a: 'a1', after: one.cursor });
    expect([await take('2'), await take('2')]).toEqual([two, three]);
    client.close();
    await client.closed;
  });
});
