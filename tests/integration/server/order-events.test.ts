import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { principalOf } from '../../support/api-world.ts';
import { type PublicApi, type PublicApiOptions, startPublicApi } from '../../support/server/public-api.ts';
import { orderLife, riskAlert } from '../../support/server/scripted-journal.ts';
import { connect, type Message, type SocketClient } from '../../support/server/socket-client.ts';

const EVENTS = `subscription($a: ID!, $after: String) {
  orderEvents(accountId: $a, after: $after) { cursor type order { id status filledQuantity } fill { executionId } }
}`;
const ALERTS =
  'subscription($a: ID!, $after: String) { riskAlerts(accountId: $a, after: $after) { cursor message } }';
const GOOD = { authorization: 'Bearer good' };
const EVENTS_OF_AN_ORDER = 5;
/** What each event of `orderLife` shows. */
const LIFE = [
  'INITIALIZED INITIALIZED 0',
  'SUBMITTED SUBMITTED 0',
  'ACCEPTED ACCEPTED 0',
  'FILLED PARTIALLY_FILLED 4',
  'FILLED FILLED 10',
];

interface Shown {
  readonly cursor: string;
  readonly type: string;
  readonly order: { readonly id: string; readonly status: string; readonly filledQuantity: string };
}

function eventIn(message: Message): Shown {
  const { data } = message.payload as { data?: { orderEvents: Shown } };
  if (data === undefined) throw new Error(`no event: ${JSON.stringify(message)}`);
  return data.orderEvents;
}

const summary = ({ type, order }: Shown): string => `${type} ${order.status} ${order.filledQuantity}`;

async function start(options: PublicApiOptions = {}): Promise<PublicApi> {
  const api = await startPublicApi(options);
  api.tokens.set('good', principalOf('w1'));
  api.tokens.set('other', principalOf('w2'));
  await api.journal.openAccount('a1', 'w1');
  await api.journal.openAccount('b1', 'w2');
  return api;
}

/** Collects events in order until there are `count`. */
async function collect(client: SocketClient, count: number): Promise<Shown[]> {
  const events: Shown[] = [];
  while (events.length < count) events.push(eventIn(await client.next(['next'])));
  return events;
}

let api: PublicApi;
beforeAll(async () => {
  api = await start();
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
    const own = await start();
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
    const own = await start({ deaf: true });
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
    const own = await start({ limits: { subscriberQueue: 256 } });
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

/** So that what the operating system buffers for a socket holds some hundred events, not tens of thousands. */
const PADDING = 'x'.repeat(8_000);

describe('a consumer that stops reading', () => {
  it('is ended with SLOW_CONSUMER, disturbs nobody, and resumes', async () => {
    const queue = 200;
    const own = await start({
      limits: { subscriberQueue: queue, socketHighWaterBytes: 64_000, socketStallMs: 60_000 },
    });
    const [slow, quick] = [
      await connect(own.socketAddress, { init: GOOD }),
      await connect(own.socketAddress, { init: GOOD }),
    ];
    for (const client of [slow, quick]) {
      client.subscribe('1', EVENTS, { a: 'a1' });
      client.send({ type: 'ping' });
      await client.next(['pong']);
    }
    slow.socket.pause();
    let arrived = 0;
    quick.onMessage(({ type }) => {
      if (type === 'next') arrived += 1;
    });
    let written = 0;
    while (!(await own.metricsText()).includes('cause="SLOW_CONSUMER"} 1')) {
      // A burst of more than the queue: for the quick one it is not too much.
      const orders = Array.from({ length: 60 }, (_, index) =>
        orderLife(`${String(written + index)}${PADDING}`),
      );
      await own.journal.append('a1', orders.flat());
      written += 60;
      while (arrived < written * EVENTS_OF_AN_ORDER) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const total = written * EVENTS_OF_AN_ORDER;
    expect(arrived).toBe(total);
    expect(await own.metricsText()).toContain('subscriptions{operation="orderEvents"} 1');

    const got: Shown[] = [];
    const ended = new Promise<Message>((resolve) => {
      slow.onMessage((message) => {
        if (message.type === 'next') got.push(eventIn(message));
        else if (message.type === 'error') resolve(message);
      });
    });
    slow.socket.resume();
    expect(await ended).toMatchObject({ id: '1', payload: [{ extensions: { code: 'SLOW_CONSUMER' } }] });
    expect(got.length).toBeGreaterThan(0);
    expect(got.length).toBeLessThan(total - queue + 1);
    const whole = new Promise<void>((resolve) => {
      slow.onMessage((message) => {
        if (message.type === 'next') got.push(eventIn(message));
        if (got.length === total) resolve();
      });
    });
    slow.subscribe('2', EVENTS, { a: 'a1', after: got.at(-1)?.cursor });
    await whole;
    const expected = Array.from({ length: written }, (_, index) =>
      LIFE.map((line) => `${String(index)} ${line}`),
    );
    expect(got.map((event) => `${event.order.id.replace(PADDING, '')} ${summary(event)}`)).toEqual(
      expected.flat(),
    );
    await own.close();
  }, 60_000);

  it('is cut off when it does not even read that', async () => {
    const own = await start({
      limits: { subscriberQueue: 50, socketHighWaterBytes: 16_000, socketStallMs: 50 },
    });
    const slow = await connect(own.socketAddress, { init: GOOD });
    slow.subscribe('1', EVENTS, { a: 'a1' });
    slow.send({ type: 'ping' });
    await slow.next(['pong']);
    slow.socket.pause();
    for (let order = 0; !(await own.metricsText()).includes('ws_sockets_closed_total{'); order += 20) {
      const orders = Array.from({ length: 20 }, (_, index) =>
        orderLife(`${String(order + index)}${PADDING}`),
      );
      await own.journal.append('a1', orders.flat());
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await own.metricsText()).toMatch(/omniquant_ws_sockets 0\b/);
    slow.close();
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
