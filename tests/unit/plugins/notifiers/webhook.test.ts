import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { webhook } from '@omniquant/notifier-webhook';
import fc from 'fast-check';

import { parseSecrets, sign, toWebhookId } from '../../../../plugins/notifier-webhook/src/signature.ts';
import {
  closeReceivers,
  type HttpReceiver,
  type ReceivedRequest,
  startReceiver,
} from '../../../support/plugins/http-receiver.ts';
import { anyText, DAILY_LOSS, notificationOf } from '../../../support/plugins/notifications.ts';
import {
  connectNotifier,
  connectUnchecked,
  failureOf,
} from '../../../support/plugins/notifier-connection.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const NOW = 1_700_000_000_999;
const { signal } = new AbortController();

/** A receiver's side, on Web Crypto: which of the signatures are by this secret. */
async function verified({ headers, body }: ReceivedRequest, secret: string): Promise<readonly boolean[]> {
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (character) => character.charCodeAt(0));
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes, hmac, false, ['verify']);
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return Promise.all(
    String(headers['webhook-signature'])
      .split(' ')
      .map((entry) => {
        const [version, base64 = ''] = entry.split(',');
        expect(version).toBe('v1');
        const signature = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        return crypto.subtle.verify('HMAC', key, signature, new TextEncoder().encode(content));
      }),
  );
}

describe('the payload of a webhook', () => {
  let receiver: HttpReceiver;
  beforeEach(async () => {
    receiver = await startReceiver({ status: 200 });
  });
  afterEach(closeReceivers);

  async function deliver(
    notification = DAILY_LOSS,
    secrets = SECRET,
    headers: Record<string, string> = {},
  ): Promise<ReceivedRequest> {
    const { notifier } = await connectNotifier(webhook, {
      config: { url: `${receiver.origin}/in`, headers },
      secrets: { signingSecrets: secrets },
      now: () => NOW,
    });
    await notifier.notify(notification, signal);
    await notifier.close();
    return receiver.requests.at(-1)!;
  }

  it('is the whole notification, in the structure of Standard Webhooks', async () => {
    const { path, headers, body } = await deliver();
    expect(path).toBe('/in');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': DAILY_LOSS.id,
      'webhook-timestamp': '1700000000',
    });
    expect(JSON.parse(body)).toEqual({
      type: 'notification.daily_loss',
      timestamp: '2016-01-04T14:30:05.250Z',
      data: DAILY_LOSS,
    });
  });

  it('bears the same id when it is sent again, and the time of the attempt', async () => {
    let now = NOW;
    const { notifier } = await connectNotifier(webhook, {
      config: { url: receiver.origin },
      secrets: { signingSecrets: SECRET },
      now: () => now,
    });
    await notifier.notify(DAILY_LOSS, signal);
    now += 60_000;
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.close();
    const [first, second] = receiver.requests.map(({ headers }) => headers);
    expect(second!['webhook-id']).toBe(first!['webhook-id']);
    expect(second!['webhook-timestamp']).toBe('1700000060');
  });

  it('is signed with each secret, so that a receiver with either can check it', async () => {
    const alone = await deliver();
    expect(await verified(alone, SECRET)).toEqual([true]);
    expect(await verified(alone, OTHER)).toEqual([false]);
    const both = await deliver(DAILY_LOSS, ` ${OTHER}\n${SECRET} `);
    expect(await verified(both, OTHER)).toEqual([true, false]);
    expect(await verified(both, SECRET)).toEqual([false, true]);
    expect(await verified({ ...both, body: both.body.replace('acc-1', 'acc-2') }, SECRET)).toEqual([
      false,
      false,
    ]);
  });

  it('holds any text as it was, and its signature with it', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(200), anyText(2_000), anyText(50), async (id, message, code) => {
        const received = await deliver(notificationOf({ id, message, code }));
        const { type, data } = JSON.parse(received.body) as { type: string; data: unknown };
        expect(data).toMatchObject({ message, code });
        expect(type).toMatch(/^notification\.[a-z0-9_]*$/);
        expect(received.headers['webhook-id']).not.toContain('.');
        expect(await verified(received, SECRET)).toEqual([true]);
      }),
      { numRuns: 40 },
    );
  });

  it('comes with the extra headers, which may not replace its own', async () => {
    const { headers } = await deliver(DAILY_LOSS, SECRET, { 'X-Environment': 'production' });
    expect(headers).toMatchObject({ 'x-environment': 'production', 'webhook-id': DAILY_LOSS.id });
  });

  it.each([
    [{ 'Webhook-Id': 'mine' }, 'Webhook-Id'],
    [{ 'content-length': '3' }, 'content-length'],
    [{ Host: 'elsewhere' }, 'Host'],
    [{ 'x bad': 'name' }, 'x bad'],
    [{ 'x-bad': 'Bearer abcdef\r\nx: y' }, 'x-bad'],
  ])('has no header such as %j', async (headers, name) => {
    const error = await failureOf(deliver(DAILY_LOSS, SECRET, headers), ['abcdef']);
    expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining(name) });
  });
});

describe('connecting to a webhook', () => {
  const connect = (url: string, signingSecrets = SECRET) =>
    connectUnchecked(webhook, {
      config: { url, headers: {}, minSeverity: 'INFO', timeoutMs: 1_000 },
      secrets: { signingSecrets },
    });

  it.each([
    '',
    'not a secret',
    'whsec_',
    'whsec_!!!!',
    `whsec_${Buffer.alloc(23, 'k').toString('base64')}`,
    `whsec_${Buffer.alloc(65, 'k').toString('base64')}`,
    `${SECRET} whsec_tooShort`,
  ])('refuses the secrets %p and does not show them', async (secrets) => {
    const hidden = secrets.split(/[\s_]/).filter((part) => part.length > 6 && part !== 'secret');
    const error = await failureOf(connect('https://example.com', secrets), hidden);
    expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('signingSecrets') });
  });

  it.each(['ftp://example.com/secretpath', 'secretpath', 'https://user:secretpath@example.com/'])(
    'refuses the address %p and does not show it',
    async (url) => {
      const error = await failureOf(connect(url), ['secretpath']);
      expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('url') });
    },
  );

  it('needs its secret', async () => {
    await expect(
      connectUnchecked(webhook, { config: { url: 'https://example.com', headers: {} }, secrets: {} }),
    ).rejects.toThrow('signingSecrets');
  });
});

describe('the signature', () => {
  it('is the published one of a known example', () => {
    const keys = parseSecrets('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    const body = '{"test": 2432232314}';
    expect(sign(keys, { id, timestamp: '1614265330', body })).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('has ids that headers can hold and that stay different', () => {
    expect(toWebhookId(DAILY_LOSS.id)).toBe(DAILY_LOSS.id);
    expect(toWebhookId('a.b c\r\nd')).toBe('a%2Eb%20c%0D%0Ad');
    fc.assert(
      fc.property(anyText(100), anyText(100), (one, other) => {
        expect(toWebhookId(one)).toMatch(/^[\x21-\x7e]*$/);
        const same = one.toWellFormed() === other.toWellFormed();
        expect(toWebhookId(one) === toWebhookId(other)).toBe(same);
      }),
    );
  });
});
