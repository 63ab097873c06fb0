import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { Secret } from '../../../../gateway/auth/secret.ts';
import { createSmtpMailer } from '../../../../gateway/auth/smtp-mailer.ts';
import { startMailServer } from '../../../support/mail-server.ts';

const { signal } = new AbortController();

describe('sending mail over SMTP', () => {
  let mail: ReturnType<typeof startMailServer>;
  let url: Secret;
  beforeEach(async () => {
    mail = startMailServer();
    await once(mail.server, 'listening');
    url = new Secret(`smtp://127.0.0.1:${(mail.server.address() as AddressInfo).port}`);
  });
  afterEach(() => new Promise((resolve) => mail.server.close(resolve)));

  it('hands over address, subject and text', async () => {
    const mailer = createSmtpMailer({ url, from: 'gateway@example.com' });
    await mailer.send({ to: 'alice@example.com', subject: 'Verify', text: 'the token\n' }, signal);
    await mailer.close();
    expect(mail.heard).toEqual(
      expect.arrayContaining([
        'MAIL FROM:<gateway@example.com>',
        'RCPT TO:<alice@example.com>',
        'Subject: Verify',
        'the token',
      ]),
    );
  });

  it('rejects when the server refuses, when it is away, and when nobody waits any more', async () => {
    const mailer = createSmtpMailer({ url, from: 'gateway@example.com' });
    await expect(mailer.send({ to: 'nobody@example.com', subject: 's', text: 't' }, signal)).rejects.toThrow(
      '550',
    );
    await expect(
      mailer.send({ to: 'a@example.com', subject: 's', text: 't' }, AbortSignal.abort(new Error('gone'))),
    ).rejects.toThrow('gone');
    await mailer.close();
    const nowhere = createSmtpMailer({ url: new Secret('smtp://127.0.0.1:1'), from: 'gateway@example.com' });
    await expect(nowhere.send({ to: 'a@example.com', subject: 's', text: 't' }, signal)).rejects.toThrow();
    await nowhere.close();
  });
});
