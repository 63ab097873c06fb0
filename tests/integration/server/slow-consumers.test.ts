import { describe, expect, it } from '@jest/globals';

import { orderLife } from '../../support/server/scripted-journal.ts';
import { connect, type Message } from '../../support/server/socket-client.ts';
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

/** So that what the operating system buffers for a socket holds some hundred events, not tens of thousands. */
const PADDING = 'x'.repeat(8_000);

describe('a consumer that stops reading', () => {
  it('is ended with SLOW_CONSUMER, disturbs nobody, and resumes', async () => {
    const queue = 200;
    const own = await startWithAccounts({
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
    const own = await startWithAccounts({
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
