import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningVenue, startVenue } from '@omniquant/broker-simulated/start-venue';
import type { BrokerOutcome } from '@omniquant/plugin-sdk';

import {
  approved,
  ask,
  type Connection,
  connectSimulated,
  soon,
} from '../../support/venue/simulated-connection.ts';

const ACCOUNT = 'account-1';
/** How long an answer that is lost is waited for: far longer than a request takes to get there. */
const LOST_MS = 1_500;

describe('faults of the simulated venue', () => {
  let dataDir: string;
  let venue: RunningVenue;
  let connection: Connection;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'venue-'));
    venue = await startVenue({ dataDir, seed: 'faults', speed: 1 });
    connection = await connectSimulated(venue.url);
    await connection.sink.until(() => connection.sink.state === 'READY');
    await connection.broker.attach({ account: ACCOUNT, baseCurrency: 'USD', startingCash: '100000' }, soon());
  });

  afterEach(async () => {
    await connection.broker.close();
    await venue.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const script = (...next: string[]): Promise<unknown> =>
    ask(venue.url, 'POST', '/faults/requests', { next });
  const change = (faults: unknown): Promise<unknown> => ask(venue.url, 'PUT', '/faults', faults);
  const submit = (id: string, ms = 10_000): Promise<BrokerOutcome> =>
    connection.broker.submit(approved(ACCOUNT, id), AbortSignal.timeout(ms));

  it('an answer that is lost leaves the order carried out and its sender in doubt', async () => {
    await script('loseAnswer', 'loseRequest');
    expect(await submit('landed', LOST_MS)).toMatchObject({ kind: 'unknown' });
    expect(await submit('lost', LOST_MS)).toMatchObject({ kind: 'unknown' });
    expect(await connection.broker.lookup(ACCOUNT, 'landed', soon())).toMatchObject({ status: 'FILLED' });
    expect(await connection.broker.lookup(ACCOUNT, 'lost', soon())).toBeNull();
    expect(await submit('landed')).toMatchObject({ kind: 'rejected', code: 'DUPLICATE_ORDER_ID' });
    expect(await submit('lost')).toMatchObject({ kind: 'accepted' });
  });

  it('a cut connection, an error and garbage are no refusals', async () => {
    await change({ requests: { lossMode: 'cut' } });
    await script('loseAnswer', 'error', 'garbage');
    for (const id of ['cut', 'error', 'garbage']) expect(await submit(id)).toMatchObject({ kind: 'unknown' });
    const found = await Promise.all(
      ['cut', 'error', 'garbage'].map((id) => connection.broker.lookup(ACCOUNT, id, soon())),
    );
    expect(found.map((order) => order?.status)).toEqual(['FILLED', undefined, 'FILLED']);
  });

  it('an order may be found only some time after it was taken', async () => {
    await change({ requests: { lookupDelayMs: 600_000 } });
    await submit('late');
    expect(await connection.broker.lookup(ACCOUNT, 'late', soon())).toBeNull();
    await change({ requests: { lookupDelayMs: 0 } });
    expect(await connection.broker.lookup(ACCOUNT, 'late', soon())).not.toBeNull();
  });

  it('too many orders a second are refused, cancels are not', async () => {
    await change({ requests: { ordersPerSecond: 0.001 } });
    expect(await submit('one')).toMatchObject({ kind: 'rejected', code: 'RATE_LIMITED' });
    const cancel = { account: ACCOUNT, venueOrderId: 'none', brokerOrderId: null, traceparent: null };
    expect(await connection.broker.cancel(cancel, soon())).toMatchObject({ code: 'UNKNOWN_ORDER' });
  });

  it('messages come late, twice, in another order or never', async () => {
    const { sink } = connection;
    await change({ stream: { dropProbability: 1 } });
    await submit('dropped');
    await change({ stream: { dropProbability: 0, reorderProbability: 1 } });
    await submit('reordered');
    await sink.until(() => sink.kindsOf('reordered').length === 2);
    await change({ stream: { reorderProbability: 0, duplicateProbability: 1 } });
    await submit('doubled');
    await sink.until(() => sink.kindsOf('doubled').length === 4);
    await change({ stream: { duplicateProbability: 0, delayProbability: 1, delayMs: { min: 20, max: 40 } } });
    await submit('late');
    await sink.until(() => sink.kindsOf('late').length === 2);
    expect(sink.kindsOf('dropped')).toEqual([]);
    expect(sink.kindsOf('reordered')).toEqual(['filled', 'accepted']);
    expect(sink.kindsOf('doubled').toSorted()).toEqual(['accepted', 'accepted', 'filled', 'filled']);
    const { events } = await connection.broker.fillsSince(ACCOUNT, null, soon());
    expect(events.map((event) => event.venueOrderId)).toEqual(['dropped', 'reordered', 'doubled', 'late']);
  });

  it('a stream that falls silent is made anew', async () => {
    const { sink } = connection;
    await ask(venue.url, 'POST', '/faults/streams', { action: 'mute' });
    await submit('muted');
    await sink.until(() => sink.state === 'CONNECTING');
    await sink.until(() => sink.state === 'READY');
    await sink.until(() => sink.kindsOf('muted').length === 2);
  });

  it('a venue that is not there is no doubt: nothing was sent', async () => {
    const { broker, sink } = connection;
    await venue.close();
    await sink.until(() => sink.state === 'CONNECTING');
    expect(await submit('x')).toMatchObject({ kind: 'notSent' });
    const cancel = { account: ACCOUNT, venueOrderId: 'x', brokerOrderId: null, traceparent: null };
    expect(await broker.cancel(cancel, soon())).toMatchObject({ kind: 'notSent' });
    await expect(broker.positions(ACCOUNT, soon())).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('commands that take their time to the market arrive in its time', async () => {
    await ask(venue.url, 'PUT', '/clock', { held: true });
    await change({ execution: { latencyMs: { min: 1_000, max: 1_000 } } });
    const answer = submit('slow');
    const { at } = await ask<{ at: number }>(venue.url, 'POST', '/clock/advance', { ms: 500 });
    expect(await connection.broker.lookup(ACCOUNT, 'slow', soon())).toBeNull();
    const later = await ask<{ at: number }>(venue.url, 'POST', '/clock/advance', { ms: 1_000 });
    expect(later.at - at).toBe(1_000);
    expect(await answer).toMatchObject({ kind: 'accepted' });
  });

  it('settings are checked, kept and told', async () => {
    await expect(change({ stream: { dropProbability: 2 } })).rejects.toThrow('400');
    await expect(change({ streams: {} })).rejects.toThrow('400');
    await change({ execution: { slippageTicks: 3 } });
    await venue.close();
    venue = await startVenue({ dataDir, port: venue.port });
    expect(await ask(venue.url, 'GET', '/faults')).toMatchObject({ execution: { slippageTicks: 3 } });
  });
});

describe('a venue with a token', () => {
  it('lets in only who knows it, and tells the others once', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'venue-'));
    const venue = await startVenue({ dataDir, token: 'sesame' });
    const [right, wrong] = [
      await connectSimulated(venue.url, 'sesame'),
      await connectSimulated(venue.url, 'open'),
    ];
    try {
      await right.sink.until(() => right.sink.state === 'READY');
      await wrong.sink.until(() => wrong.sink.state === 'FAILED');
      expect(wrong.sink.statuses).toMatchObject([{ state: 'FAILED', code: 'AUTH_FAILED' }]);
      await expect(ask(venue.url, 'GET', '/ledger')).rejects.toThrow('401');
    } finally {
      await right.broker.close();
      await wrong.broker.close();
      await venue.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('lockstep', () => {
  it('time waits for each acknowledgement', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'venue-'));
    const venue = await startVenue({ dataDir });
    const { broker, sink } = await connectSimulated(venue.url);
    try {
      await sink.until(() => sink.state === 'READY');
      broker.marketData?.subscribe(['AAPL']);
      type State = { step: number; at: number };
      const before = await ask<State>(venue.url, 'PUT', '/lockstep', { stepMs: 60_000 });
      expect(await ask(venue.url, 'POST', '/lockstep/ack', { step: before.step + 5 })).toEqual({
        acknowledged: false,
      });
      const times = [before.at];
      for (let step = before.step; step < before.step + 3; step += 1) {
        await ask(venue.url, 'POST', '/lockstep/ack', { step });
        await sink.until(() => (sink.clocks.at(-1)?.at ?? 0) > (times.at(-1) ?? 0));
        times.push((await ask<State>(venue.url, 'GET', '/lockstep')).at);
      }
      expect(times.map((at) => at - before.at)).toEqual([0, 60_000, 120_000, 180_000]);
      await ask(venue.url, 'PUT', '/lockstep', { stepMs: null });
      await sink.until(() => (sink.clocks.at(-1)?.at ?? 0) > (times.at(-1) ?? 0));
    } finally {
      await broker.close();
      await venue.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
