import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { ChannelSettings } from '../../../core/ports/notification-channels.ts';
import { createSealer } from '../../../gateway/auth/sealed-secret.ts';
import { Secret } from '../../../gateway/auth/secret.ts';
import { createChannelConnectionStore } from '../../../gateway/database/notifications/channel-connection-store.ts';
import { createNotificationChannels } from '../../../gateway/database/notifications/channel-store.ts';
import { createDeliveryStore } from '../../../gateway/database/notifications/delivery-store.ts';
import { createFanOut } from '../../../gateway/database/notifications/fan-out.ts';
import { createGatewayOutbox } from '../../../gateway/database/notifications/outbox.ts';
import { accountOpened, batchOf } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);
const LIMITS = { windowMs: 60_000, mostInWindow: 1_000, mostWaiting: 1_000 };
const LEASE_MS = 60_000;
const sealer = createSealer(new Secret('ab'.repeat(32)));

const WEBHOOK: ChannelSettings = {
  name: 'one',
  notifier: 'webhook',
  config: { url: 'https://x' },
  accountIds: null,
  codes: null,
  enabled: true,
  everyWorkspace: false,
  minimumSeverity: 'INFO',
};

let store: TestStore;
let channels: ReturnType<typeof createNotificationChannels>;
let workspaceId: string;

beforeAll(async () => {
  store = await openTestStore();
  channels = createNotificationChannels(store.connect('app'), sealer);
});
beforeEach(async () => {
  await store.admin('DELETE FROM notification_channel');
  await store.admin('DELETE FROM notification_outbox');
  workspaceId = await store.workspace();
});
afterAll(() => store.close());

const fanOut = (now = 1_000) =>
  createFanOut({
    pool: store.connect('writer'),
    limits: LIMITS,
    now: () => now,
    onUnreadable: (id, error) => {
      throw new Error(id, { cause: error });
    },
  });

async function createChannel(settings: Partial<ChannelSettings> = {}, of = workspaceId): Promise<string> {
  const id = randomUUID();
  const change = { workspaceId: of, actor: 'user:x', at: 0 };
  const made = { ...WEBHOOK, ...settings };
  expect(await channels.create(change, id, made, { signingSecrets: 'hush' }, 20, signal)).toBe(true);
  return id;
}

/** An account whose journal holds so many alerts, each of a code of its own. */
async function accountWithAlerts(count: number, of = workspaceId): Promise<string> {
  const accountId = randomUUID();
  const epoch = await store.lease(2, randomUUID());
  const codes = Array.from({ length: count }, (_, index) => `CODE_${String(index)}`);
  const batch = batchOf({
    ...{ accountId, workspaceId: of, shard: 2, epoch, expectedSeq: 0 },
    events: [
      accountOpened(accountId, of),
      ...codes.map((code) => ({
        ...{ type: 'RISK_ALERT' as const, code: code as 'DRAWDOWN', severity: 'WARNING' as const },
        ...{ message: `it is ${code}`, orderId: null, details: {} },
      })),
    ],
    changes: {
      alerts: codes.map((code, index) => ({
        ...{ seq: index + 2, at: 0, recordedAt: 0, severity: 'WARNING' as const },
        ...{ code: code as 'DRAWDOWN', message: `it is ${code}` },
      })),
    },
  });
  expect((await store.journal.append([batch], signal)).committed).toEqual([accountId]);
  return accountId;
}

const deliveriesOf = (channelId: string) =>
  store.admin('SELECT * FROM notification_delivery WHERE channel_id = $1 ORDER BY position', [channelId]);

describe('alerts that are committed', () => {
  it('become deliveries of the channels of their workspace, once, whoever looks', async () => {
    const [mine, all] = [await createChannel(), await createChannel({ everyWorkspace: true })];
    const theirs = await createChannel({}, await store.workspace());
    const accountId = await accountWithAlerts(30);
    const gateways = [fanOut(), fanOut(), fanOut(), fanOut()];
    await Promise.all(gateways.map((each) => each.run(signal)));
    await gateways[0]!.run(signal);
    for (const id of [mine, all]) {
      const rows = await deliveriesOf(id);
      expect(rows.map((row) => row['notification_id'])).toEqual(
        Array.from({ length: 30 }, (_, index) => `${accountId}:${String(index + 2)}`),
      );
    }
    expect(await deliveriesOf(theirs)).toEqual([]);
    expect(await store.admin('SELECT * FROM notification_outbox')).toEqual([]);
  });

  it('are limited by account and switched off', async () => {
    const one = await accountWithAlerts(1);
    const limited = await createChannel({ accountIds: [one] });
    const off = await createChannel({ enabled: false });
    await accountWithAlerts(1);
    await fanOut().run(signal);
    expect((await deliveriesOf(limited)).map((row) => row['account_id'])).toEqual([one]);
    expect(await deliveriesOf(off)).toEqual([]);
  });
});

describe('what the gateway says of itself', () => {
  const notification = {
    ...{ id: 'g:1', at: 1_000, severity: 'CRITICAL' as const, code: 'BROKER_CONNECTION_LOST', title: 't' },
    ...{ message: 'm', accountId: null, orderId: null, details: {} },
  };

  it('reaches the operator, and of a connection the workspaces behind it', async () => {
    const operator = await createChannel({ everyWorkspace: true }, await store.workspace());
    const [mine, other] = [await createChannel(), await createChannel({}, await store.workspace())];
    await accountWithAlerts(0);
    const [account] = await store.admin('SELECT broker, connection FROM account WHERE workspace_id = $1', [
      workspaceId,
    ]);
    const outbox = createGatewayOutbox(store.pool);
    await outbox.put({ ...notification, id: 'g:disk' }, { kind: 'gateway' }, signal);
    const scope = {
      ...{ kind: 'connection' as const, broker: String(account?.['broker']) },
      connection: String(account?.['connection']),
    };
    await outbox.put(notification, scope, signal);
    await outbox.put(notification, scope, signal);
    await fanOut().run(signal);
    const told = async (id: string) => (await deliveriesOf(id)).map((row) => row['alerts']).length;
    expect([await told(operator), await told(mine), await told(other)]).toEqual([2, 1, 0]);
  });
});

describe('deliveries', () => {
  it('are sent by one gateway at a time, each once', async () => {
    const id = await createChannel();
    await accountWithAlerts(40);
    await fanOut().run(signal);
    const sent: string[] = [];
    let under = 0;
    const work = async (owner: string): Promise<void> => {
      const own = createDeliveryStore(store.connect('writer'), owner);
      while (sent.length < 40) {
        const [claimed] = await own.claim(2_000, 8, LEASE_MS, signal);
        if (claimed === undefined) continue;
        for (let step = 0; step < 5; step += 1) {
          const due = await own.begin(id, 2_000, LEASE_MS, signal);
          if (due === null) break;
          under += 1;
          expect(under).toBe(1);
          sent.push(due.id);
          under -= 1;
          const outcome = {
            state: 'DELIVERED',
            at: 2_000,
            failure: null,
            nextAttemptAt: 0,
            heldUntil: 0,
          } as const;
          await own.settle(due, outcome, signal);
        }
        await own.release(id, signal);
      }
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    expect([sent.length, new Set(sent).size]).toEqual([40, 40]);
    const [channel] = await channels.list(workspaceId, signal);
    expect(channel).toMatchObject({ delivered: 40, waiting: 0 });
  });

  it('of a gateway that died are taken over when its lease is over, the attempt counted', async () => {
    const id = await createChannel();
    await accountWithAlerts(1);
    await fanOut().run(signal);
    const [dead, heir] = ['dead', 'heir'].map((owner) => createDeliveryStore(store.pool, owner));
    expect(await dead!.claim(2_000, 8, LEASE_MS, signal)).toEqual([id]);
    const begun = await dead!.begin(id, 2_000, LEASE_MS, signal);
    expect(await heir!.claim(2_000, 8, LEASE_MS, signal)).toEqual([]);
    await store.admin(`UPDATE notification_channel SET leased_until = '-infinity'`);
    expect(await dead!.begin(id, 2_000, LEASE_MS, signal)).toBeNull();
    expect(await heir!.claim(2_000, 8, LEASE_MS, signal)).toEqual([id]);
    const again = await heir!.begin(id, 2_000, LEASE_MS, signal);
    expect([again?.id, again?.attempts]).toEqual([begun?.id, 2]);
  });

  it('that wait for too long are given up and counted, also those of a channel that is off', async () => {
    const id = await createChannel();
    await accountWithAlerts(3);
    await fanOut().run(signal);
    await channels.update(
      { workspaceId, actor: 'user:x', at: 1 },
      id,
      { ...WEBHOOK, enabled: false },
      null,
      signal,
    );
    const own = createDeliveryStore(store.pool, 'a');
    expect(await own.claim(2_000, 8, LEASE_MS, signal)).toEqual([]);
    expect(await own.giveUp(1_000, 2_000, signal)).toEqual([]);
    expect(await own.giveUp(1_001, 2_000, signal)).toHaveLength(3);
    expect(await channels.find(workspaceId, id, signal)).toMatchObject({ undelivered: 3, waiting: 0 });
    const shown = await channels.undelivered(workspaceId, id, 10, signal);
    expect(shown.map(({ state }) => state)).toEqual(['GIVEN_UP', 'GIVEN_UP', 'GIVEN_UP']);
  });
});

describe('channels', () => {
  it('keep their credentials sealed, readable for connecting alone and for this channel alone', async () => {
    const [id, other] = [await createChannel(), await createChannel()];
    const connections = createChannelConnectionStore(store.pool, sealer);
    expect((await connections.load(id, signal))?.secrets).toEqual({ signingSecrets: 'hush' });
    const [row] = await store.admin('SELECT sealed FROM notification_channel WHERE id = $1', [id]);
    expect(String(row?.['sealed'])).not.toContain('hush');
    const asApp = store.connect('app').query({ text: 'SELECT sealed FROM notification_channel' }, signal);
    await expect(asApp).rejects.toMatchObject({ sqlState: '42501' });
    await store.admin(
      `UPDATE notification_channel c SET sealed = o.sealed, nonce = o.nonce, wrapped_key = o.wrapped_key
         FROM notification_channel o WHERE c.id = $1 AND o.id = $2`,
      [other, id],
    );
    await expect(connections.load(other, signal)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  });

  it('are as many as allowed, also when they are made at once', async () => {
    const change = { workspaceId, actor: 'user:x', at: 0 };
    const made = await Promise.all(
      Array.from({ length: 8 }, () => channels.create(change, randomUUID(), WEBHOOK, {}, 3, signal)),
    );
    expect(made.filter(Boolean)).toHaveLength(3);
  });

  it('are another workspace’s to none', async () => {
    const id = await createChannel();
    const stranger = { workspaceId: await store.workspace(), actor: 'user:x', at: 1 };
    expect(await channels.find(stranger.workspaceId, id, signal)).toBeNull();
    expect(await channels.update(stranger, id, WEBHOOK, null, signal)).toBe(false);
    expect(await channels.remove(stranger, id, signal)).toBe(false);
    expect(await channels.list(workspaceId, signal)).toHaveLength(1);
  });

  it('cannot be limited to an account of another workspace', async () => {
    const accountId = await accountWithAlerts(0, await store.workspace());
    const change = { workspaceId, actor: 'user:x', at: 0 };
    const settings = { ...WEBHOOK, accountIds: [accountId] };
    await expect(channels.create(change, randomUUID(), settings, {}, 20, signal)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
    expect(await channels.list(workspaceId, signal)).toEqual([]);
  });

  it('leave their changes in the audit log', async () => {
    const id = await createChannel();
    await channels.remove({ workspaceId, actor: 'user:y', at: 1 }, id, signal);
    const rows = await store.admin(
      'SELECT actor, action, target FROM audit_entry WHERE workspace_id = $1 ORDER BY sequence',
      [workspaceId],
    );
    const target = `notification-channel:${id}`;
    expect(rows).toEqual([
      { actor: 'user:x', action: 'notification-channel.created', target },
      { actor: 'user:y', action: 'notification-channel.deleted', target },
    ]);
  });
});
