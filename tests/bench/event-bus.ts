import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { createClient } from 'redis';

import type { Bus, CommitNotice } from '../../core/ports/bus.ts';
import { createLocalBus } from '../../gateway/cluster/local-bus.ts';
import { createRedisBus } from '../../gateway/cluster/redis-bus.ts';
import { openRedis, REDIS_MISSING } from '../support/redis.ts';
import type { Bench } from './bench.ts';
import { median } from './median.ts';

/** Notices that one turn of the event loop publishes: about what a commit of a busy gateway holds. */
const BURST = 50;
/** Published and not yet heard; the Redis bus drops what exceeds 10,000. */
const IN_FLIGHT = 5_000;
const STALLED_MS = 10_000;

const NOTICES: readonly CommitNotice[] = Array.from({ length: 64 }, (_, index) => ({
  accountId: `0198f000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  workspaceId: '0198f000-0000-7000-8000-00000000000a',
  from: index * 3,
  to: index * 3 + 3,
}));

/** Commit notices from the publisher to a listener: in one process, and between two connections over Redis. */
export const eventBus: Bench = {
  name: 'event-bus',
  async *run({ quick }) {
    const runs = quick ? 3 : 5;
    const local = await medianOf(runs, () => measureLocal(quick ? 1_000_000 : 10_000_000));
    yield {
      name: 'local',
      value: local.ours,
      unit: 'events/s',
      ratio: local.ours / local.bare,
      reference: 'node:events with the same notices',
    };
    if (REDIS_MISSING !== null) throw new Error(`the Redis part ${REDIS_MISSING}`);
    const redis = await openRedis();
    try {
      const remote = await medianOf(runs, () => measureRedis(redis.url, quick ? 50_000 : 1_000_000));
      yield {
        name: 'redis',
        value: remote.ours,
        unit: 'events/s',
        ratio: remote.ours / remote.bare,
        reference: 'the redis client, one PUBLISH a notice, publisher and subscriber in one process',
      };
    } finally {
      await redis.close();
    }
  },
};

interface Rates {
  readonly ours: number;
  readonly bare: number;
}

/** Both in turn, several times, the median of each: what disturbs the machine then disturbs both. */
async function medianOf(runs: number, measure: () => Promise<Rates>): Promise<Rates> {
  const rates: Rates[] = [];
  for (let run = 0; run < runs; run += 1) rates.push(await measure());
  return { ours: median(rates.map(({ ours }) => ours)), bare: median(rates.map(({ bare }) => bare)) };
}

async function measureLocal(events: number): Promise<Rates> {
  const bus = createLocalBus((error) => {
    throw error;
  });
  const ours = await localRate(events, bus.publish, (heard) => void bus.subscribe('commit', heard));
  await bus.close();
  const emitter = new EventEmitter();
  const bare = await localRate(
    events,
    (topic, notice) => emitter.emit(topic, notice),
    (heard) => emitter.on('commit', heard),
  );
  return { ours, bare };
}

function localRate(
  events: number,
  publish: (topic: 'commit', notice: CommitNotice) => void,
  subscribe: (heard: (notice: CommitNotice) => void) => void,
): Promise<number> {
  let heard = 0;
  subscribe(({ to }) => {
    if (to > 0) heard += 1;
  });
  const started = performance.now();
  for (let index = 0; index < events; index += 1) publish('commit', noticeOf(index));
  const rate = (events * 1_000) / (performance.now() - started);
  if (heard !== events) throw new Error(`${String(events - heard)} events were lost`);
  return Promise.resolve(rate);
}

async function measureRedis(url: string, events: number): Promise<Rates> {
  return { ours: await busRate(url, events), bare: await bareRate(url, events) };
}

async function busRate(url: string, events: number): Promise<number> {
  const open = (): Promise<Bus> => createRedisBus({ url, channel: 'bench', log: () => undefined });
  const [here, there] = await Promise.all([open(), open()]);
  try {
    return await remoteRate(
      events,
      (notice) => {
        here.publish('commit', notice);
      },
      (heard) => void there.subscribe('commit', heard),
    );
  } finally {
    await Promise.all([here.close(), there.close()]);
  }
}

async function bareRate(url: string, events: number): Promise<number> {
  const [publisher, subscriber] = await Promise.all([
    createClient({ url }).connect(),
    createClient({ url }).connect(),
  ]);
  try {
    const listeners: (() => void)[] = [];
    await subscriber.subscribe('bare', (text) => {
      JSON.parse(text);
      for (const heard of listeners) heard();
    });
    return await remoteRate(
      events,
      (notice) => void publisher.publish('bare', JSON.stringify(notice)),
      (heard) => listeners.push(heard),
    );
  } finally {
    publisher.destroy();
    subscriber.destroy();
  }
}

/** As fast as they arrive: publishing waits while too many are under way. */
async function remoteRate(
  events: number,
  publish: (notice: CommitNotice) => void,
  subscribe: (heard: () => void) => void,
): Promise<number> {
  let sent = 0;
  let heard = 0;
  let lastHeardAt = performance.now();
  subscribe(() => {
    heard += 1;
    lastHeardAt = performance.now();
  });
  const started = performance.now();
  while (heard < events) {
    for (let index = 0; index < BURST && sent < events && sent - heard < IN_FLIGHT; index += 1) {
      publish(noticeOf(sent));
      sent += 1;
    }
    await nextTurn();
    if (performance.now() - lastHeardAt > STALLED_MS) {
      throw new Error(`${String(sent - heard)} of ${String(sent)} events were lost`);
    }
  }
  return (events * 1_000) / (performance.now() - started);
}

const noticeOf = (index: number): CommitNotice => NOTICES[index % NOTICES.length]!;
