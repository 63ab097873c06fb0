import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { email } from '@omniquant/notifier-email';
import fc from 'fast-check';

import { checkConfig } from '../../../../gateway/plugins/config-check.ts';
import { toMail } from '../../../../plugins/notifier-email/src/mail.ts';
import { type MailServer, startMailServer } from '../../../support/mail-server.ts';
import { parseMime } from '../../../support/plugins/mime-message.ts';
import {
  anyNotification,
  anyText,
  DAILY_LOSS,
  notificationOf,
} from '../../../support/plugins/notifications.ts';
import {
  connectNotifier,
  connectUnchecked,
  failureOf,
} from '../../../support/plugins/notifier-connection.ts';

const PASSWORD = 'p@ss/word%1';
const HIDDEN = [PASSWORD, encodeURIComponent(PASSWORD)];
const { signal } = new AbortController();

describe('the email notifier', () => {
  let mail: MailServer;
  beforeEach(async () => {
    mail = startMailServer();
    await once(mail.server, 'listening');
  });
  afterEach(() => new Promise((resolve) => mail.server.close(resolve)));

  const urlOf = ({ server }: MailServer, credentials = ''): string =>
    `smtp://${credentials}127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = (config: Record<string, unknown> = {}, smtpUrl = urlOf(mail)) =>
    connectNotifier(email, {
      config: { from: 'gateway@example.com', to: ['desk@example.com'], requireTls: false, ...config },
      secrets: { smtpUrl },
    });

  it('sends text and HTML with the envelope that was asked for', async () => {
    const { notifier } = await connect({ to: ['desk@example.com', 'risk@example.com'] });
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.close();
    expect(mail.heard).toEqual(
      expect.arrayContaining([
        'MAIL FROM:<gateway@example.com>',
        'RCPT TO:<desk@example.com>',
        'RCPT TO:<risk@example.com>',
      ]),
    );
    const { headers, parts } = parseMime(mail.messages[0]!);
    expect(Object.fromEntries(headers)).toMatchObject({
      from: 'OmniQuant <gateway@example.com>',
      to: 'desk@example.com, risk@example.com',
      subject: '[OmniQuant] CRITICAL: Daily loss limit reached',
      date: 'Mon, 04 Jan 2016 14:30:05 +0000',
      'auto-submitted': 'auto-generated',
    });
    expect(headers.get('content-type')).toMatch(/^multipart\/alternative/);
    expect(parts.map((part) => part.headers.get('content-type'))).toEqual([
      'text/plain; charset=utf-8',
      'text/html; charset=utf-8',
    ]);
    const text = parts[0]!.text.replaceAll('\r\n', '\n');
    expect(text).toContain(`Daily loss limit reached\n\n${DAILY_LOSS.message}\n\nSeverity: CRITICAL\n`);
    expect(text).toContain(
      'Account: acc-1\nloss: 1020.50\nlimit: 1000\nhalted: true\norders: 3\nreason: -\n',
    );
    expect(parts[1]!.text).toContain('<td>1020.50</td>');
  });

  it('marks what is critical and nothing else as urgent', async () => {
    const { notifier } = await connect();
    for (const severity of ['CRITICAL', 'WARNING', 'INFO'] as const) {
      await notifier.notify(notificationOf({ severity }), signal);
    }
    await notifier.close();
    const headers = mail.messages.map((message) => parseMime(message).headers);
    expect(headers.map((each) => each.get('importance'))).toEqual(['High', undefined, undefined]);
    expect(headers[0]!.get('x-priority')).toMatch(/^1/);
  });

  it('has the same Message-ID when it is sent again, and another for another', async () => {
    const { notifier } = await connect();
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.notify(notificationOf({ id: 'other' }), signal);
    await notifier.close();
    const ids = mail.messages.map((message) => parseMime(message).headers.get('message-id'));
    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('carries special characters, and no markup or header of theirs', async () => {
    const title = 'Verlust > 5 % für <b>"AAPL" & \'MSFT\'</b> 😀\r\nBcc: thief@example.com';
    const { notifier } = await connect();
    await notifier.notify(
      notificationOf({ title, message: '<script>x</script>\n.\n..', details: { '<i>': '&' } }),
      signal,
    );
    await notifier.close();
    const { headers, parts } = parseMime(mail.messages[0]!);
    expect(headers.get('subject')).toBe(`[OmniQuant] CRITICAL: ${title.replace('\r\n', ' ')}`);
    expect(headers.has('bcc')).toBe(false);
    expect(mail.heard).not.toContain('RCPT TO:<thief@example.com>');
    expect(parts[0]!.text.replaceAll('\r\n', '\n')).toContain('<script>x</script>\n.\n..\n');
    expect(parts[1]!.text).not.toMatch(/<script|<b>|<i>/);
    expect(parts[1]!.text).toContain(
      '<th align="left" style="padding-right:1em">&lt;i&gt;</th><td>&amp;</td>',
    );
  });

  it('leaves out what is less severe than asked for', async () => {
    const { notifier } = await connect({ minSeverity: 'CRITICAL' });
    await notifier.notify(notificationOf({ severity: 'WARNING' }), signal);
    await notifier.close();
    expect(mail.heard).toEqual([]);
  });

  it.each([
    ['nobody@example.com', 'REJECTED', '550'],
    ['later@example.com', 'UNREACHABLE', '451'],
  ])('knows what a refusal of %s means', async (recipient, code, reply) => {
    const { notifier } = await connect({ to: [recipient] });
    const error = await failureOf(notifier.notify(DAILY_LOSS, signal), HIDDEN);
    expect(error).toMatchObject({ code, retryAfterMs: null, message: expect.stringContaining(reply) });
    await notifier.close();
  });

  it('has delivered when some recipients were refused, and says so in the log', async () => {
    const { notifier, warnings } = await connect({ to: ['desk@example.com', 'nobody@example.com'] });
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.close();
    expect(mail.messages).toHaveLength(1);
    expect(warnings).toEqual([
      [expect.any(String), { notification: DAILY_LOSS.id, rejected: ['nobody@example.com'] }],
    ]);
  });

  it('shows no password when a login is refused', async () => {
    const strict = startMailServer({ refusesLogins: true });
    await once(strict.server, 'listening');
    const credentials = `desk:${encodeURIComponent(PASSWORD)}@`;
    const { notifier } = await connect({}, urlOf(strict, credentials));
    const base64 = Buffer.from(`\u0000desk\u0000${PASSWORD}`).toString('base64');
    const error = await failureOf(notifier.notify(DAILY_LOSS, signal), [...HIDDEN, base64]);
    expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('535') });
    expect(strict.heard).toContain(`AUTH PLAIN ${base64}`);
    await notifier.close();
    await new Promise((resolve) => strict.server.close(resolve));
  });

  it('says nothing of a mail to a server without TLS, unless told to', async () => {
    const { notifier } = await connect({ requireTls: true });
    expect(await failureOf(notifier.notify(DAILY_LOSS, signal), HIDDEN)).toMatchObject({ code: 'REJECTED' });
    await notifier.close();
    expect(mail.heard.filter((line) => line.startsWith('MAIL'))).toEqual([]);
  });

  it('says that nobody is there', async () => {
    const { notifier } = await connect({}, 'smtp://127.0.0.1:1');
    const error = await failureOf(notifier.notify(DAILY_LOSS, signal), HIDDEN);
    expect(error).toMatchObject({
      code: 'UNREACHABLE',
      cause: { message: expect.stringContaining('ECONNREFUSED') },
    });
    await notifier.close();
  });

  it('gives up on a server that falls silent: at its deadline, with its caller, when closed', async () => {
    const silent = { to: ['silence@example.com'] };
    const heardRecipient = async (): Promise<void> => {
      while (!mail.heard.some((line) => line.startsWith('RCPT'))) await new Promise(setImmediate);
      mail.heard.length = 0;
    };
    const hasty = await connect({ ...silent, timeoutMs: 150 });
    expect(await failureOf(hasty.notifier.notify(DAILY_LOSS, signal), HIDDEN)).toMatchObject({
      code: 'UNREACHABLE',
    });
    await hasty.notifier.close();
    mail.heard.length = 0;

    // Beyond the end of the test: only the abort can end these.
    const { notifier } = await connect({ ...silent, timeoutMs: 120_000 });
    const caller = new AbortController();
    const aborted = failureOf(notifier.notify(DAILY_LOSS, caller.signal), HIDDEN);
    await heardRecipient();
    caller.abort(new Error('the gateway stops'));
    expect(await aborted).toMatchObject({ code: 'UNREACHABLE', message: 'the delivery was aborted' });

    const closed = failureOf(notifier.notify(DAILY_LOSS, signal), HIDDEN);
    await heardRecipient();
    await notifier.close();
    expect(await closed).toMatchObject({ code: 'UNREACHABLE', message: 'the notifier was closed' });
    expect(await failureOf(notifier.notify(DAILY_LOSS, signal), HIDDEN)).toMatchObject({
      code: 'UNREACHABLE',
    });
  });
});

describe('the settings of the email notifier', () => {
  it.each([
    'imap://mail.example.com',
    'mail.example.com:25',
    'smtp://',
    `smtp://desk:s3cretword@mail.example.com:99999`,
    `smtp://desk:s3cretword/x@mail.example.com`,
    `smtp://desk:s3cretword%zz@mail.example.com`,
    `smtp://desk:s3cretword@mail.example.com?tls.rejectUnauthorized=false`,
  ])('refuse the URL %p and do not show it', async (smtpUrl) => {
    const config = { from: 'a@example.com', to: ['b@example.com'], timeoutMs: 100 };
    const error = await failureOf(connectUnchecked(email, { config, secrets: { smtpUrl } }), ['s3cretword']);
    expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('smtpUrl') });
  });

  it.each([
    [{ to: [] }],
    [{ to: ['b@example.com, c@example.com'] }],
    [{ to: ['Bob <b@example.com>'] }],
    [{ to: ['b@example.com\r\nRCPT TO:<c@example.com>'] }],
    [{ from: 'nobody' }],
    [{ minSeverity: 'DEBUG' }],
  ])('refuse %j', (changes) => {
    const config = { from: 'a@example.com', to: ['b@example.com'], ...changes };
    expect(checkConfig(email.config, config).problems).not.toEqual([]);
  });
});

describe('the mail of any notification', () => {
  const options = { from: 'a@example.com', fromName: 'x', to: ['b@example.com'], subjectPrefix: '[x]' };

  it('has a subject of one line and at most 200 characters, and an id that headers can hold', () => {
    fc.assert(
      fc.property(anyNotification(), (notification) => {
        const { subject, messageId } = toMail(notification, options);
        expect(subject).not.toMatch(/\p{Cc}|\u2028|\u2029/u);
        expect(subject.length).toBeLessThanOrEqual(200);
        expect(messageId).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
      }),
      { numRuns: 100 },
    );
  });

  it('has no tag that the notification brought', () => {
    const tags = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];
    const plain = tags(toMail(notificationOf({ details: { name: 'x' } }), options).html);
    fc.assert(
      fc.property(anyText(300), anyText(300), anyText(50), (title, message, value) => {
        const { html } = toMail(notificationOf({ title, message, details: { name: value } }), options);
        expect(tags(html)).toEqual(plain);
      }),
    );
  });
});
