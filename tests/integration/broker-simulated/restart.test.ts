import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { LedgerView } from '../../../plugins/broker-simulated/src/server/account-views.ts';
import {
  approved,
  ask,
  type Connection,
  connectSimulated,
  soon,
} from '../../support/venue/simulated-connection.ts';
import { VenueProcess } from '../../support/venue/venue-process.ts';

const ACCOUNT = 'account/1';

describe('a venue that is killed', () => {
  let dataDir: string;
  let venue: VenueProcess;
  let connection: Connection | undefined;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'venue-'));
    venue = await VenueProcess.start('--data-dir', dataDir, '--seed', 'restart', '--speed', '30');
  });

  afterEach(async () => {
    await connection?.broker.close();
    await venue.end('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  const connect = async (): Promise<Connection> => {
    connection = await connectSimulated(venue.url);
    const { broker, sink } = connection;
    await sink.until(() => sink.state === 'READY');
    await broker.attach({ account: ACCOUNT, baseCurrency: 'USD', startingCash: '1000000' }, soon());
    return connection;
  };

  const ledger = (): Promise<LedgerView> =>
    ask<LedgerView>(venue.url, 'GET', `/accounts/${encodeURIComponent(ACCOUNT)}/ledger`);

  it('knows everything again that it had answered, and its time has not gone back', async () => {
    const { broker, sink } = await connect();
    broker.marketData?.subscribe(['AAPL']);
    const resting = { type: 'LIMIT' as const, limitPrice: '50' };
    const trail = { type: 'TRAILING_STOP' as const, side: 'SELL' as const, trailingOffset: '20' };
    await Promise.all([
      broker.submit(approved(ACCOUNT, 'filled'), soon()),
      broker.submit(approved(ACCOUNT, 'resting', resting), soon()),
      broker.submit(approved(ACCOUNT, 'trailing', { ...trail, trailingOffsetType: 'PRICE' }), soon()),
      broker.submit(approved(ACCOUNT, 'refused', { quantity: '0' }), soon()),
    ]);
    await sink.until(() => sink.clocks.length > 3);
    const before = await ledger();
    const told = Math.max(...sink.clocks.map(({ at }) => at));
    await venue.end('SIGKILL');
    await sink.until(() => sink.state === 'CONNECTING');

    venue = await VenueProcess.start(
      '--data-dir',
      dataDir,
      '--port',
      venue.port,
      '--speed',
      '1',
      '--seed',
      'x',
    );
    await sink.until(() => sink.state === 'READY');

    const clock = await broker.marketData?.clock(soon());
    expect(clock?.at).toBeGreaterThanOrEqual(told);
    expect(clock?.speed).toBe(30);
    const after = await ledger();
    expect(after.balances).toEqual(before.balances);
    expect(after.positions).toEqual(before.positions);
    expect(after.executions).toEqual(before.executions);
    expect(after.orders.map(({ venueOrderId, status }) => [venueOrderId, status])).toEqual([
      ['filled', 'FILLED'],
      ['resting', 'WORKING'],
      ['trailing', 'WORKING'],
      ['refused', 'REJECTED'],
    ]);
    expect(await broker.submit(approved(ACCOUNT, 'filled'), soon())).toMatchObject({
      code: 'DUPLICATE_ORDER_ID',
    });
    expect(await broker.submit(approved(ACCOUNT, 'resting'), soon())).toMatchObject({
      code: 'DUPLICATE_ORDER_ID',
    });
    const cancel = { account: ACCOUNT, venueOrderId: 'resting', brokerOrderId: null, traceparent: null };
    expect(await broker.cancel(cancel, soon())).toMatchObject({ kind: 'accepted' });
    await sink.until(() => sink.kindsOf('resting').includes('canceled'));
  });

  it('had stored every fill that it told, however often it is killed', async () => {
    const { broker, sink } = await connect();
    let number = 0;
    for (let round = 0; round < 3; round += 1) {
      const first = number;
      const orders = Array.from({ length: 300 }, () => {
        number += 1;
        return broker.submit(approved(ACCOUNT, `o${number}`, { quantity: '1' }), soon());
      });
      const settled = Promise.all(orders);
      await sink.until(() => sink.kindsOf(`o${first + 1}`).includes('filled'));
      await venue.end('SIGKILL');
      await settled;
      venue = await VenueProcess.start('--data-dir', dataDir, '--port', venue.port);
      await sink.until(() => sink.state === 'READY' && sink.statuses.length >= 3 + 2 * round);
      const { executions, positions } = await ledger();
      const known = new Set(executions.map(({ executionId }) => executionId));
      const told = sink.events.flatMap((event) => (event.kind === 'filled' ? event.executionId : []));
      expect(told.filter((id) => !known.has(id))).toEqual([]);
      const total = executions.reduce((sum, { quantity }) => sum + Number(quantity), 0);
      expect(positions).toEqual([{ symbol: 'AAPL', quantity: String(total) }]);
    }
  });

  it('sends on a stream that comes back what was said meanwhile, once', async () => {
    const { broker, sink } = await connect();
    await broker.submit(approved(ACCOUNT, 'first'), soon());
    await sink.until(() => sink.kindsOf('first').includes('filled'));
    await ask(venue.url, 'POST', '/faults/streams', { action: 'cut' });
    const { traceparent: _, account, venueOrderId, ...terms } = approved(ACCOUNT, 'meanwhile');
    await ask(venue.url, 'POST', '/commands', {
      commands: [{ kind: 'submit', account, venueOrderId, terms }],
    });
    await sink.until(() => sink.kindsOf('meanwhile').includes('filled'));
    expect(sink.kindsOf('meanwhile')).toEqual(['accepted', 'filled']);
    expect(sink.kindsOf('first')).toEqual(['accepted', 'filled']);
  });

  it('is alone on its folder, and ends cleanly when asked to', async () => {
    const problem = await VenueProcess.start('--data-dir', dataDir).catch((error: unknown) => String(error));
    expect(problem).toMatch(/^Error: venue: another venue is running on .*\n$/);
    expect(await venue.end('SIGTERM')).toBe(0);
    venue = await VenueProcess.start('--data-dir', dataDir);
  });
});
