import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Random } from '@omniquant/plugin-sdk/random';

import type { DomainEvent } from '../../core/engine/account-event.ts';
import type { Failpoint } from '../../core/ports/failpoints.ts';
import { queryAsAdmin, verifyChains } from '../support/gateway/admin-database.ts';
import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { areEqualBooks, readBooks } from '../support/gateway/books.ts';
import { leftBehind, makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { openDesk } from '../support/gateway/desk.ts';
import {
  type GatewayProcess,
  StartFailure,
  startGatewayProcess,
} from '../support/gateway/gateway-process.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue, type VenueControl } from '../support/gateway/venue-control.ts';

/*
 * The gateway is killed ten times while four accounts trade, PostgreSQL and the venue standing; the
 * traders send again what was not answered. After each restart everything is compared. KILL_SEED repeats
 * the choices of a run, as far as processes can be made to repeat themselves.
 */
jest.setTimeout(300_000);

const SEED = Number(process.env.KILL_SEED ?? randomInt(1_000_000));

/** Null is a kill at a random moment. */
const DEATHS: readonly (Failpoint | null)[] = [
  null,
  'journal.before-append',
  'journal.after-append',
  'broker.before-submit',
  'broker.after-submit',
  null,
  'broker.after-cancel',
  'broker.after-replace',
  'broker.before-event',
  'broker.after-event',
];

/** Short, so that ten takeovers and the settling of doubts fit into a test. */
const ENV = {
  LEASE_TTL_MS: '1500',
  BROKER_TIMEOUT_MS: '1500',
  RECONCILE_EVERY_MS: '500',
  SNAPSHOT_EVERY: '400',
  VENUE_SPEED: '600',
  VENUE_SEED: '4',
};
const LOAD_MS = 900;
/** A failpoint that is not passed often enough gives way to a plain kill. */
const DEATH_MS = 8_000;

describe(`ten kills under load (KILL_SEED=${String(SEED)})`, () => {
  const random = Random.fromSeed('kills', SEED);
  let dataDir: string;
  let gateway: GatewayProcess;
  let venue: VenueControl;
  let client: ApiClient;
  let traders: readonly Trader[];

  const start = async (death: Failpoint | null): Promise<GatewayProcess> => {
    const failpoint = death === null ? undefined : { name: death, passage: random.integer(20, 80) };
    for (;;) {
      try {
        return await startGatewayProcess({ dataDir, env: ENV, ...(failpoint && { failpoint }) });
      } catch (error) {
        // Recovery alone may pass a failpoint that often: a death more, and the next start goes on.
        if (!(error instanceof StartFailure && error.end.signal === 'SIGKILL')) throw error;
      }
    }
  };

  beforeAll(async () => {
    console.log(`KILL_SEED=${String(SEED)}`);
    dataDir = makeDataDir('kills');
    gateway = await start(DEATHS[0] ?? null);
    client = await signIn(() => gateway.address, gateway.demo);
    venue = controlVenue(dataDir);
    await venue.hold();
    await venue.advance(60_000);
    const emulating = { config: { nativeOrderTypes: ['MARKET', 'LIMIT'] } };
    const desks = await Promise.all([
      openDesk(client),
      openDesk(client),
      openDesk(client, emulating),
      openDesk(client, emulating),
    ]);
    traders = desks.map((desk, index) =>
      createTrader({ desk, seed: `${String(SEED)}-${String(index)}`, lanes: 3, triggers: true }),
    );
    // Something whose worth moves with the market, so that there are peaks and drawdowns.
    for (const desk of desks) await desk.placed({ quantity: '2000' });
  });

  afterAll(async () => {
    for (const trader of traders) trader.abandon();
    if (gateway.isRunning) await gateway.kill9();
    await removeDataDir(dataDir);
  });

  /** Deaths come while orders travel; the market moves meanwhile. */
  async function dieUnderLoad(death: Failpoint | null): Promise<void> {
    await venue.release();
    for (const trader of traders) trader.go();
    if (death === null) await sleep(LOAD_MS + random.integer(0, 400));
    else await Promise.race([gateway.ended, sleep(DEATH_MS, undefined, { ref: false })]);
    await gateway.kill9();
  }

  /** Nothing is on its way, in doubt or pending any more. */
  const settled = (): Promise<boolean> =>
    until('the end of all doubts', async () => {
      const [row] = await queryAsAdmin<{ unsettled: number }>(
        dataDir,
        `SELECT count(*)::int AS unsettled FROM orders
          WHERE open AND (status IN ('INITIALIZED', 'SUBMITTED', 'IN_DOUBT')
             OR (state::jsonb -> 'pendingReplace') <> 'null' OR (state::jsonb -> 'pendingCancel') = 'true')`,
      );
      return row?.unsettled === 0;
    });

  async function expectEqualBooks({ desk }: Trader): Promise<void> {
    const read = () => readBooks({ dataDir, venue, client, accountId: desk.accountId });
    // The last messages of the venue may be on their way.
    const books = await until('equal books', async () => {
      const now = await read();
      return areEqualBooks(now) ? now : null;
    }).catch(read);
    expect(books.database).toEqual(books.venue);
    expect(books.api.positions).toEqual(books.venue.positions);
    expect(books.api.cash).toBe(books.venue.cash);
    expect(books.api.working).toEqual(books.venue.working);
    expect(books.api.fills).toHaveLength(Object.keys(books.venue.executions).length);
  }

  async function expectAcknowledged({ desk, acknowledged, canceled }: Trader): Promise<void> {
    const rows = await queryAsAdmin<{ id: string; client_order_id: string; status: string; open: boolean }>(
      dataDir,
      'SELECT id, client_order_id, status, open FROM orders WHERE account_id = $1',
      [desk.accountId],
    );
    const byClientId = new Map(rows.map((row) => [row.client_order_id, row]));
    expect(byClientId.size).toBe(rows.length);
    const wrong = acknowledged.filter(({ clientOrderId, orderId, denial }) => {
      const row = byClientId.get(clientOrderId);
      if (orderId === null) return row !== undefined;
      return row?.id !== orderId || (row.status === 'DENIED') !== (denial !== null);
    });
    expect(wrong).toEqual([]);
    const survivors = rows.filter(({ id, open }) => open && canceled.has(id));
    expect(survivors).toEqual([]);
    // What was acknowledged before the kill is answered the same way after it.
    const sample = acknowledged.filter(({ orderId }) => orderId !== null).slice(-3);
    for (const { input, orderId, denial } of sample) {
      const again = await desk.place(input);
      if (denial === null) expect(again).toMatchObject({ replayed: true, order: { id: orderId } });
      else expect(again).toMatchObject({ code: denial, kept: { id: orderId } });
    }
  }

  async function expectAllWell(): Promise<void> {
    // Traders insist: of a gateway that has died they would never be done.
    const died = gateway.ended.then(() => Promise.reject(new Error('the gateway died meanwhile')));
    await Promise.race([Promise.all(traders.map((trader) => trader.pause())), died]);
    await venue.hold();
    await settled();
    for (const trader of traders) {
      await expectEqualBooks(trader);
      await expectAcknowledged(trader);
    }
    await verifyChains(dataDir);
  }

  it.each(DEATHS.map((death, index) => [index + 1, death ?? 'a random moment', death] as const))(
    'kill %i: %s',
    async (number, _name, death) => {
      const standing = leftBehind(dataDir);
      await dieUnderLoad(death);
      // Armed for the next death at once: a failpoint is a setting of the process.
      gateway = await start(DEATHS[number] ?? null);
      await expectAllWell().catch(async (error: unknown) => {
        // What was left to do may have been enough to die of it.
        if (gateway.isRunning) throw error;
        gateway = await start(null);
        await expectAllWell();
      });
      expect(leftBehind(dataDir)).toEqual(standing);
    },
  );

  it('has never loosened a stop nor forgotten a peak or a day', async () => {
    const rows = await queryAsAdmin<{ account_id: string; order_id: string | null; payload: string }>(
      dataDir,
      `SELECT account_id, order_id, payload FROM journal_event
        WHERE type IN ('INITIALIZED', 'STOP_MOVED', 'EQUITY_PEAKED', 'DAY_OPENED') ORDER BY account_id, seq`,
    );
    const levels = new Map<string, { readonly side: string; readonly moves: number[] }>();
    const peaks = new Map<string, number[]>();
    const days: string[] = [];
    for (const { account_id, order_id, payload } of rows) {
      const event = JSON.parse(payload) as DomainEvent;
      if (event.type === 'INITIALIZED') {
        const start = event.triggerPrice === null ? [] : [Number(event.triggerPrice)];
        levels.set(event.orderId, { side: event.terms.side, moves: start });
      } else if (event.type === 'STOP_MOVED') {
        levels.get(order_id ?? '')?.moves.push(Number(event.triggerPrice));
      } else if (event.type === 'EQUITY_PEAKED') {
        peaks.set(account_id, [...(peaks.get(account_id) ?? []), Number(event.equity)]);
      } else if (event.type === 'DAY_OPENED') {
        days.push(`${account_id} ${event.day}`);
      }
    }
    const moved = [...levels.values()].filter(({ moves }) => moves.length > 1);
    for (const { side, moves } of moved) {
      const rising = side === 'SELL' ? moves : moves.map((level) => -level);
      expect(rising).toEqual([...new Set(rising)].sort((a, b) => a - b));
    }
    for (const equities of peaks.values()) {
      expect(equities).toEqual([...new Set(equities)].sort((a, b) => a - b));
    }
    expect(new Set(days).size).toBe(days.length);
    expect(moved.length).toBeGreaterThan(3);
    expect(peaks.size).toBe(traders.length + 1);

    const accounts = await queryAsAdmin<{ account_id: string; peak_equity: string }>(
      dataDir,
      'SELECT account_id, peak_equity::text FROM account',
    );
    for (const { account_id, peak_equity } of accounts) {
      expect(Number(peak_equity)).toBe(peaks.get(account_id)?.at(-1));
    }
    for (const { desk } of traders) {
      const { equity, drawdown } = await desk.account();
      const peak = peaks.get(desk.accountId)?.at(-1) ?? 0;
      expect(Number(drawdown)).toBeCloseTo(Math.max(0, 1 - Number(equity) / peak), 9);
    }
  });

  it('has been a load worth the name', () => {
    const counts = traders.map(({ acknowledged, repeats, canceled }) => ({
      acknowledged: acknowledged.length,
      repeats,
      canceled: canceled.size,
    }));
    console.log(JSON.stringify(counts));
    for (const { acknowledged, repeats, canceled } of counts) {
      expect(acknowledged).toBeGreaterThan(50);
      expect(repeats).toBeGreaterThan(0);
      expect(canceled).toBeGreaterThan(3);
    }
  });
});
