import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pagerduty } from '@omniquant/notifier-pagerduty';
import { slack } from '@omniquant/notifier-slack';
import { webhook } from '@omniquant/notifier-webhook';

import {
  type Answer,
  closeReceivers,
  type HttpReceiver,
  startReceiver,
} from '../../../support/plugins/http-receiver.ts';
import { DAILY_LOSS, notificationOf } from '../../../support/plugins/notifications.ts';
import {
  connectNotifier,
  failureOf,
  type NotifierConnection,
} from '../../../support/plugins/notifier-connection.ts';

interface Adapter {
  readonly name: string;
  readonly taken: Answer;
  /** Parts of credentials and secret addresses. */
  readonly hidden: readonly string[];
  /** Whether a 2xx is a yes before its body has come. */
  readonly statusDecides: boolean;
  connect(
    origin: string,
    options?: {
      readonly config?: Record<string, unknown>;
      readonly now?: () => number;
      readonly fetch?: typeof fetch;
    },
  ): Promise<NotifierConnection>;
}

const TOKEN = 'Zx81SecretOfTheAddress';
const KEY = 'e93facc04764012d7bfb002500d5d1a6';
const SIGNING = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = Date.UTC(2016, 0, 4, 15);
const { signal } = new AbortController();

const ADAPTERS: readonly Adapter[] = [
  {
    name: 'webhook',
    taken: { status: 204 },
    hidden: [TOKEN, SIGNING, SIGNING.slice(6)],
    statusDecides: true,
    connect: (origin, { config, ...rest } = {}) =>
      connectNotifier(webhook, {
        config: { url: `${origin}/hooks/in?token=${TOKEN}`, ...config },
        secrets: { signingSecrets: SIGNING },
        ...rest,
      }),
  },
  {
    name: 'slack',
    taken: { status: 200, body: 'ok' },
    hidden: [TOKEN],
    statusDecides: false,
    connect: (origin, options) =>
      connectNotifier(slack, {
        secrets: { webhookUrl: `${origin}/services/T0001/B0001/${TOKEN}` },
        ...options,
      }),
  },
  {
    name: 'pagerduty',
    taken: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"k"}' },
    hidden: [KEY],
    statusDecides: false,
    connect: (origin, { config, ...rest } = {}) =>
      connectNotifier(pagerduty, {
        config: { baseUrl: origin, ...config },
        secrets: { routingKey: KEY },
        ...rest,
      }),
  },
];

describe.each(ADAPTERS)('the $name notifier', ({ taken, hidden, statusDecides, connect }) => {
  let receiver: HttpReceiver;
  let connection: NotifierConnection;
  beforeEach(async () => {
    receiver = await startReceiver(taken);
    connection = await connect(receiver.origin, { now: () => NOW });
  });
  afterEach(async () => {
    await connection.notifier.close();
    await closeReceivers();
  });
  const notify = (during: AbortSignal = signal): Promise<void> =>
    connection.notifier.notify(DAILY_LOSS, during);
  const failure = () => failureOf(notify(), hidden);

  it('posts JSON once and resolves when it was taken', async () => {
    await notify();
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': expect.stringContaining('application/json') },
    });
  });

  it('leaves out what is less severe than asked for', async () => {
    const picky = await connect(receiver.origin, { config: { minSeverity: 'WARNING' } });
    for (const severity of ['INFO', 'WARNING', 'CRITICAL'] as const) {
      await picky.notifier.notify(notificationOf({ severity }), signal);
    }
    await picky.notifier.close();
    expect(receiver.requests).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 410])('takes %i for a no that stays one', async (status) => {
    receiver.answer = { status, body: 'invalid_payload\r\n\u001b[31m' };
    const error = await failure();
    expect(error).toMatchObject({ code: 'REJECTED', retryAfterMs: null });
    expect(error.message).toBe(`the receiver answered ${status}: invalid_payload [31m`);
  });

  it.each([408, 500, 502, 503])('takes %i for something that passes', async (status) => {
    receiver.answer = { status, headers: { 'retry-after': '7' } };
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE', retryAfterMs: 7_000 });
  });

  it.each([
    ['30', 30_000],
    ['0', 0],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    [new Date(NOW - 90_000).toUTCString(), 0],
    ['99999999999999999999', 86_400_000],
    ['soon', null],
    [null, null],
  ])('hands on a limit with Retry-After %p', async (value, retryAfterMs) => {
    receiver.answer = { status: 429, headers: value === null ? {} : { 'retry-after': value } };
    expect(await failure()).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs });
  });

  it.each([301, 302, 307, 308])('follows no redirect (%i)', async (status) => {
    const other = await startReceiver(taken);
    receiver.answer = { status, headers: { location: `${other.origin}/elsewhere` } };
    expect(await failure()).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('redirect') });
    expect(other.requests).toEqual([]);
  });

  it('does not show what a receiver quotes of address and credentials', async () => {
    receiver.answer = ({ path, body, headers }) => ({
      status: 400,
      body: JSON.stringify([path, path.replaceAll('/', '\\/'), body, headers]).replaceAll('"', ''),
    });
    expect((await failure()).message).toContain('***');
  });

  it('cuts what a receiver says', async () => {
    receiver.answer = { status: 400, body: 'no '.repeat(100_000) };
    expect((await failure()).message.length).toBeLessThan(300);
  });

  it('says that nobody is there, with the cause', async () => {
    await receiver.close();
    const error = await failure();
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: 'the receiver could not be reached' });
    expect((error.cause as Error).cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says that the connection was cut', async () => {
    receiver.answer = 'cut';
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('does not show an address that the fetch of a host quotes', async () => {
    const quoting = await connect(receiver.origin, {
      fetch: (input, init) => {
        const quoted = new Error(`no route to ${(input as URL).href}`, { cause: { body: init?.body } });
        return Promise.reject(Object.assign(new TypeError('fetch failed', { cause: quoted }), { input }));
      },
    });
    const error = await failureOf(quoting.notifier.notify(DAILY_LOSS, signal), hidden);
    expect(error).toMatchObject({ code: 'UNREACHABLE' });
    expect((error.cause as Error).message).toContain('fetch failed');
  });

  it('knows how a body that breaks off was meant', async () => {
    receiver.answer = { half: 400 };
    expect(await failure()).toMatchObject({ code: 'REJECTED' });
    receiver.answer = { half: 202 };
    if (statusDecides) await notify();
    else expect(await failure()).toMatchObject({ code: 'UNREACHABLE' });
  });

  describe('when the receiver never answers', () => {
    beforeEach(() => {
      receiver.answer = 'never';
    });

    it('gives up at its deadline', async () => {
      const hasty = await connect(receiver.origin, { config: { timeoutMs: 100 } });
      const error = await failureOf(hasty.notifier.notify(DAILY_LOSS, signal), hidden);
      expect(error).toMatchObject({ code: 'UNREACHABLE', message: 'there was no answer within 100 ms' });
    });

    it('gives up when its caller does', async () => {
      const caller = new AbortController();
      const sent = failureOf(notify(caller.signal), hidden);
      await receiver.received(1);
      caller.abort(new Error('the gateway stops'));
      expect(await sent).toMatchObject({
        code: 'UNREACHABLE',
        message: 'the delivery was aborted',
        cause: { message: 'the gateway stops' },
      });
    });

    it('ends what is under way when it is closed or stopped', async () => {
      const one = failure();
      await receiver.received(1);
      await connection.notifier.close();
      expect(await one).toMatchObject({ code: 'UNREACHABLE', message: 'the notifier was closed' });

      connection = await connect(receiver.origin);
      const two = failure();
      await receiver.received(2);
      connection.stop();
      expect(await two).toMatchObject({ code: 'UNREACHABLE', message: 'the notifier was closed' });
    });
  });

  it('sends nothing for a caller that has given up, nor after it was closed', async () => {
    expect(await failureOf(notify(AbortSignal.abort()), hidden)).toMatchObject({ code: 'UNREACHABLE' });
    await connection.notifier.close();
    await connection.notifier.close();
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE' });
    expect(receiver.requests).toEqual([]);
  });

  it('delivers several at once, each with its own end', async () => {
    let nth = 0;
    receiver.answer = () => (++nth === 2 ? { status: 400 } : taken);
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => notify()));
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(receiver.requests).toHaveLength(5);
  });
});
