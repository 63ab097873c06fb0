import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { channelOnce, createChannel, verified, webhookTo } from '../support/gateway/channels.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { openDesk } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { until } from '../support/gateway/until.ts';
import { closeReceivers, startReceiver } from '../support/plugins/http-receiver.ts';

jest.setTimeout(180_000);

const SET_STATE = `mutation($accountId: ID!, $state: TradingState!) {
  setTradingState(accountId: $accountId, state: $state, reason: "a test") { tradingState } }`;

describe('a gateway that is killed', () => {
  const dataDir = makeDataDir('notifications');
  let gateway: GatewayProcess;
  let client: ApiClient;

  const start = async (): Promise<void> => {
    gateway = await startGatewayProcess({ dataDir, env: { NOTIFICATION_TIMEOUT_MS: '3000' } });
    client = await signIn(() => gateway.address, gateway.demo);
  };
  const halt = async (): Promise<string> => {
    const { accountId } = await openDesk(client);
    await client.ask(SET_STATE, { accountId, state: 'HALTED' });
    return accountId;
  };

  beforeAll(start);
  afterEach(() => closeReceivers());
  afterAll(async () => {
    if (gateway.isRunning) await gateway.kill9();
    await removeDataDir(dataDir);
  });

  it('while a receiver is away delivers when both are back, once', async () => {
    const receiver = await startReceiver({ status: 503 });
    const { id } = await createChannel(client, webhookTo(receiver.origin, { codes: ['TRADING_STATE'] }));
    const accountId = await halt();
    await receiver.received(2);
    await gateway.kill9();
    const before = receiver.requests.length;
    receiver.answer = { status: 200 };
    await start();
    await receiver.received(before + 1);
    const channel = await channelOnce(client, id, ({ delivered }) => delivered > 0);
    expect(channel).toMatchObject({ delivered: 1, waiting: 0, undelivered: 0 });
    const told = receiver.requests.map(verified);
    expect(told.at(-1)?.accountId).toBe(accountId);
    expect(new Set(told.map(({ id: each }) => each)).size).toBe(1);
    expect(receiver.requests).toHaveLength(before + 1);
  });

  it('after the receiver took it and before that is known sends it again, under the same id', async () => {
    const receiver = await startReceiver('never');
    const { promise: killed, resolve: whenKilled } = Promise.withResolvers<unknown>();
    receiver.answer = () => {
      if (receiver.requests.length > 1) return { status: 200 };
      whenKilled(gateway.kill9());
      return 'never';
    };
    await createChannel(client, webhookTo(receiver.origin, { codes: ['TRADING_STATE'] }));
    await halt().catch(() => undefined);
    await receiver.received(1);
    await killed;
    await start();
    await receiver.received(2);
    const ids = receiver.requests.map((request) => verified(request).id);
    expect(ids[1]).toBe(ids[0]);
  });

  it('before the alert was given to any channel loses none', async () => {
    const receiver = await startReceiver({ status: 200 });
    await createChannel(client, webhookTo(receiver.origin, { codes: ['TRADING_STATE'] }));
    // The answer comes with the commit: the alerts are in the outbox, and most likely nowhere else.
    const accounts = [await halt(), await halt()];
    await gateway.kill9();
    await start();
    // One that was on its way comes once more, possibly before the other.
    const told = (): Set<unknown> => new Set(receiver.requests.map((request) => verified(request).accountId));
    await until('word of both accounts', () => accounts.every((account) => told().has(account)));
    expect(told().size).toBe(2);
  });
});
