import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { refusalOf, signUp } from '../support/gateway/api-client.ts';
import {
  channelOnce,
  channelsOf,
  CREATE_CHANNEL,
  createChannel,
  TEST_CHANNEL,
  UPDATE_CHANNEL,
  verified,
  webhookTo,
} from '../support/gateway/channels.ts';
import { type Desk, openDesk } from '../support/gateway/desk.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';
import { until } from '../support/gateway/until.ts';
import { startMailServer } from '../support/mail-server.ts';
import { closeReceivers, startReceiver } from '../support/plugins/http-receiver.ts';
import { pagerdutyProblems } from '../support/plugins/pagerduty-event-rules.ts';
import { slackProblems } from '../support/plugins/slack-message-rules.ts';

jest.setTimeout(120_000);

const SET_STATE = `mutation($accountId: ID!, $state: TradingState!) {
  setTradingState(accountId: $accountId, state: $state, reason: "a test") { tradingState } }`;
const DELETE = 'mutation($id: ID!) { deleteNotificationChannel(id: $id) }';
const UNDELIVERED = `query($id: ID!) { undeliveredNotifications(channelId: $id) { id state code alerts failure } }`;

describe('notification channels of a running gateway', () => {
  let floor: Floor;

  beforeAll(async () => {
    floor = await openFloor({ NOTIFICATION_SUMMARY_MS: '2000', NOTIFICATION_TIMEOUT_MS: '3000' });
  });
  afterEach(async () => {
    for (const { id } of await channelsOf(floor.client)) await floor.client.ask(DELETE, { id });
    await closeReceivers();
  });
  afterAll(async () => {
    await floor.close();
  });

  /** A kill switch, by which an alert is raised. */
  const setState = (desk: Desk, state: string): Promise<unknown> =>
    desk.client.ask(SET_STATE, { accountId: desk.accountId, state });

  it('brings a daily loss to a webhook, Slack, PagerDuty and a mailbox, each in its own form', async () => {
    const desk = await floor.openDesk({ name: 'Paper one' });
    const { client } = floor;
    const webhook = await startReceiver({ status: 200 });
    const slack = await startReceiver({ status: 200, body: 'ok' });
    const pager = await startReceiver({ status: 202, body: '{"status":"success"}' });
    const mail = startMailServer();
    await once(mail.server, 'listening');
    const only = { codes: ['DAILY_LOSS'], accountIds: [desk.accountId] };
    await createChannel(client, webhookTo(webhook.origin, only));
    await createChannel(client, {
      ...{ notifier: 'slack', secrets: { webhookUrl: `${slack.origin}/services/x` } },
      ...only,
    });
    await createChannel(client, {
      notifier: 'pagerduty',
      config: { baseUrl: pager.origin },
      secrets: { routingKey: 'a'.repeat(32) },
      ...only,
    });
    const port = String((mail.server.address() as AddressInfo).port);
    await createChannel(client, {
      notifier: 'email',
      config: { from: 'oq@example.com', to: ['desk@example.com'], requireTls: false },
      secrets: { smtpUrl: `smtp://127.0.0.1:${port}` },
      ...only,
    });

    await floor.venue.setFaults({ execution: { fees: { perUnit: '2', rate: '0', minimum: '0' } } });
    const { id } = await desk.placed({ quantity: '5000' });
    await floor.moveUntil(desk, [id], 'FILLED');
    await floor.venue.setFaults({ execution: { fees: { perUnit: '0.005', rate: '0', minimum: '0' } } });
    await desk.setLimits({ maxDailyLoss: '10' });
    await floor.venue.advance(60_000);

    await Promise.all([webhook.received(1), slack.received(1), pager.received(1)]);
    await until('the mail', () => mail.messages.length > 0);
    const told = verified(webhook.requests[0]!);
    expect(told).toMatchObject({
      code: 'DAILY_LOSS',
      severity: 'CRITICAL',
      title: 'Daily loss limit reached: Paper one',
      accountId: desk.accountId,
    });
    expect(slackProblems(slack.requests[0]!.body)).toEqual([]);
    expect(slack.requests[0]!.body).toContain('Daily loss limit reached');
    expect(pagerdutyProblems(pager.requests[0]!.body)).toEqual([]);
    expect(pager.requests[0]!.body).toContain('Daily loss limit reached');
    expect(mail.messages[0]).toContain('Daily loss limit reached');
    for (const channel of await channelsOf(client)) {
      expect(await channelOnce(client, channel.id, ({ delivered }) => delivered > 0)).toMatchObject({
        waiting: 0,
        undelivered: 0,
      });
    }
    mail.server.close();
  });

  it('sends later what a receiver cannot take now, once for each id, and holds no other channel up', async () => {
    const desk = await floor.openDesk();
    const answers = ['never', { status: 500 }, { status: 429, headers: { 'retry-after': '1' } }] as const;
    const weak = await startReceiver({ status: 200 });
    weak.answer = () => answers[weak.requests.length - 1] ?? { status: 200 };
    const strong = await startReceiver({ status: 200 });
    const only = { accountIds: [desk.accountId] };
    const hanging = await createChannel(floor.client, webhookTo(weak.origin, only));
    const other = await createChannel(floor.client, webhookTo(strong.origin, only));
    await setState(desk, 'HALTED');
    await strong.received(1);
    expect((await channelOnce(floor.client, other.id, ({ delivered }) => delivered === 1)).waiting).toBe(0);
    const done = await channelOnce(floor.client, hanging.id, ({ delivered }) => delivered === 1);
    expect(done).toMatchObject({ waiting: 0, undelivered: 0 });
    expect(done.lastFailure?.message).toMatch(/^RATE_LIMITED/);
    expect(weak.requests).toHaveLength(4);
    expect(new Set(weak.requests.map((request) => verified(request).id)).size).toBe(1);
    expect(verified(weak.requests[3]!).title).toContain('Trading state changed');
  });

  it('does not send again what was rejected, and shows it', async () => {
    const desk = await floor.openDesk();
    const receiver = await startReceiver({ status: 410, body: 'gone for good' });
    const { id } = await createChannel(floor.client, webhookTo(receiver.origin));
    await setState(desk, 'HALTED');
    const channel = await channelOnce(floor.client, id, ({ undelivered }) => undelivered === 1);
    expect(channel.lastFailure?.message).toBe('REJECTED: the receiver answered 410: gone for good');
    const { undeliveredNotifications } = await floor.client.ask<{ undeliveredNotifications: unknown[] }>(
      UNDELIVERED,
      { id },
    );
    expect(undeliveredNotifications).toMatchObject([{ state: 'REJECTED', code: 'TRADING_STATE', alerts: 1 }]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('tells a channel of nothing before its time, and of nothing that it does not want', async () => {
    const [desk, other] = [await floor.openDesk(), await floor.openDesk()];
    await setState(desk, 'HALTED');
    const receiver = await startReceiver({ status: 200 });
    const input = webhookTo(receiver.origin, { minimumSeverity: 'WARNING', accountIds: [desk.accountId] });
    const { id } = await createChannel(floor.client, input);
    await setState(other, 'HALTED');
    // INFO: less severe than asked for.
    await setState(desk, 'ACTIVE');
    await setState(desk, 'REDUCING');
    await receiver.received(1);
    await channelOnce(floor.client, id, ({ delivered, waiting }) => delivered === 1 && waiting === 0);
    expect(receiver.requests.map((request) => verified(request).message)).toEqual([
      expect.stringContaining('Trading is REDUCING'),
    ]);
  });

  it('sums a storm of 5,000 alerts up in a few messages, and accounts for all', async () => {
    const desk = await floor.openDesk();
    const receiver = await startReceiver({ status: 200 });
    const { id } = await createChannel(floor.client, webhookTo(receiver.origin));
    await queryAsAdmin(
      floor.local.dataDir,
      `INSERT INTO notification_outbox (id, workspace_id, account_id, content)
         SELECT 'storm:' || n, a.workspace_id, a.account_id, jsonb_build_object('id', 'storm:' || n,
           'at', 4102444800000, 'severity', 'WARNING', 'code', 'ORDER_IN_DOUBT', 'title', 'An order is in doubt: x',
           'message', 'm' || (n % 7), 'accountId', a.account_id, 'orderId', null, 'details', '{}'::jsonb)::text
           FROM generate_series(1, 5000) n, account a WHERE a.account_id = $1`,
      [desk.accountId],
    );
    const channel = await channelOnce(floor.client, id, ({ delivered }) => delivered >= 5_000);
    expect(channel).toMatchObject({ delivered: 5_000, waiting: 0, undelivered: 0 });
    const told = receiver.requests.map(verified);
    expect(told.length).toBeLessThan(10);
    const counted = told.reduce((sum, { details }) => sum + Number(details['count'] ?? 1), 0);
    expect(counted).toBe(5_000);
    expect(new Set(told.map(({ id: each }) => each)).size).toBe(told.length);
  });

  it('tests a channel, shows no secret, and takes changes at once', async () => {
    const receiver = await startReceiver({ status: 200 });
    const { id } = await createChannel(floor.client, webhookTo(receiver.origin));
    const test = () => floor.client.ask<{ testNotificationChannel: unknown }>(TEST_CHANNEL, { id });
    expect(await test()).toEqual({
      testNotificationChannel: { notificationId: expect.any(String) },
    });
    expect(verified(receiver.requests[0]!).code).toBe('TEST');
    const [channel] = await channelsOf(floor.client);
    expect(channel).toMatchObject({ secretsSet: ['signingSecrets'], config: { url: receiver.origin } });
    expect(JSON.stringify(channel)).not.toContain('whsec_');
    const moved = await startReceiver({ status: 404 });
    await floor.client.ask(UPDATE_CHANNEL, { id, input: { config: { url: `${moved.origin}/new` } } });
    expect(await test()).toMatchObject({ testNotificationChannel: { code: 'REJECTED' } });
    expect(moved.requests[0]?.path).toBe('/new');
  });

  it.each([
    [{ notifier: 'webhok' }, 'input.notifier', /nearest is webhook/],
    [{ config: {} }, 'input.config.url', /url/],
    [{ config: { url: 'https://x', colour: 'red' } }, 'input.config.colour', /not a known option/],
    [{ secrets: { signingSecrets: 'x' } }, 'input.secrets.signingSecrets', /pattern/],
    [{ secrets: { signingSecrets: 7 } }, 'input.secrets.signingSecrets', /no text/],
    [{ codes: ['DAILY_LOS'] }, 'input.codes[0]', /nearest is DAILY_LOSS/],
    [{ accountIds: [] }, 'input.accountIds', /leave it out/],
    [{ name: ' ' }, 'input.name', /empty/],
  ])('refuses %j and names the field', async (wrong, field, message) => {
    const input = { name: 'x', ...webhookTo('https://hooks.example.com'), ...wrong };
    const refusal = await refusalOf(floor.client, CREATE_CHANNEL, { input });
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(refusal.message).toMatch(message);
  });

  it('shows a workspace neither channels nor accounts of another, and tells it nothing of them', async () => {
    const desk = await floor.openDesk();
    const receiver = await startReceiver({ status: 200 });
    const { id } = await createChannel(floor.client, webhookTo(receiver.origin));
    const stranger = await signUp(() => floor.local.address, 'stranger@example.com');
    expect(await channelsOf(stranger)).toEqual([]);
    for (const query of [TEST_CHANNEL, DELETE, UNDELIVERED]) {
      expect(await refusalOf(stranger, query, { id })).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await refusalOf(stranger, UPDATE_CHANNEL, { id, input: { name: 'x' } })).toMatchObject({
      code: 'NOT_FOUND',
    });
    const theirs = { name: 'x', ...webhookTo(receiver.origin), accountIds: [desk.accountId] };
    expect(await refusalOf(stranger, CREATE_CHANNEL, { input: theirs })).toMatchObject({
      ...{ code: 'NOT_FOUND', field: 'input.accountIds[0]' },
    });
    const all = { name: 'x', ...webhookTo(receiver.origin), everyWorkspace: true };
    expect(await refusalOf(stranger, CREATE_CHANNEL, { input: all })).toMatchObject({ code: 'FORBIDDEN' });
    const spy = await startReceiver({ status: 200 });
    await createChannel(stranger, webhookTo(spy.origin));
    await setState(desk, 'HALTED');
    await receiver.received(1);
    expect(spy.requests).toEqual([]);
  });

  it('tells the operator of all workspaces', async () => {
    const stranger = await signUp(() => floor.local.address, 'tenant@example.com');
    const receiver = await startReceiver({ status: 200 });
    await createChannel(floor.client, webhookTo(receiver.origin, { everyWorkspace: true }));
    const desk = await openDesk(stranger);
    await setState(desk, 'HALTED');
    await until('the alert of a tenant', () =>
      receiver.requests.some((request) => verified(request).accountId === desk.accountId),
    );
  });
});
