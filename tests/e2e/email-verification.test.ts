import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { buildGateway, type Gateway } from '../../gateway/build-gateway.ts';
import { readConfig } from '../../gateway/config.ts';
import { type ApiClient, createApiClient, refusalOf } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { until } from '../support/gateway/until.ts';
import { startMailServer } from '../support/mail-server.ts';

const SIGN_UP = 'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }';
const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
const VERIFY = 'mutation ($token: String!) { verifyEmail(token: $token) }';

const CREDENTIALS = { email: 'new@example.com', password: 'a long and unlikely sentence' };

describe('a gateway that wants addresses proven', () => {
  const mail = startMailServer();
  let dataDir = '';
  let gateway: Gateway | null = null;
  let api: ApiClient;

  beforeAll(async () => {
    await once(mail.server, 'listening');
    dataDir = makeDataDir();
    gateway = await buildGateway(
      readConfig({
        NODE_ENV: 'test',
        PORT: '0',
        LOG_LEVEL: 'error',
        DATA_DIR: dataDir,
        REQUIRE_EMAIL_VERIFICATION: 'true',
        EMAIL_VERIFICATION_URL: 'https://trade.example.com/verify?token=',
        SMTP_URL: `smtp://127.0.0.1:${String((mail.server.address() as AddressInfo).port)}`,
        MAIL_FROM: 'gateway@example.com',
      }),
    );
    const { address } = gateway;
    api = createApiClient({ address: () => address });
  }, 120_000);

  afterAll(async () => {
    await gateway?.close();
    await removeDataDir(dataDir);
    await new Promise((resolve) => mail.server.close(resolve));
  });

  it('has no demo user, who could prove none', () => {
    expect(gateway?.demo).toBeNull();
  });

  it('lets nobody in before the link of the mail was used', async () => {
    const { signUp } = await api.ask<{ signUp: object }>(SIGN_UP, {
      input: { ...CREDENTIALS, displayName: 'New' },
    });
    expect(signUp).toEqual({ __typename: 'VerificationRequired' });
    // The text is quoted-printable: an equals sign at the end of a line is no part of it.
    const text = (): string => mail.messages.join('\n').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    const token = await until('the mail', () => /verify\?token=(\S+)/.exec(text())?.[1]);
    const early = await refusalOf(api, SIGN_IN, { input: CREDENTIALS });
    expect(early).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('Verify') });
    expect(await api.ask(VERIFY, { token })).toEqual({ verifyEmail: true });
    expect(await api.ask(SIGN_IN, { input: CREDENTIALS })).toEqual({ signIn: { __typename: 'Session' } });
  });
});
