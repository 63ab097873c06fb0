import type { BrokerBench } from './broker-bench.ts';
import { type BrokerCase, concerns } from './broker-case.ts';
import { type Connected, shown } from './connected.ts';
import { expectThat } from './patience.ts';

/** The stream works: an order's fill comes through. */
async function stillHears(bench: BrokerBench, connected: Connected, id: string): Promise<void> {
  await connected.untilReady();
  await connected.place(id);
  await bench.fill(id, bench.fixture.quantity);
  await bench.patience.until('a fill, by the stream or by fillsSince after a gap', async () => {
    if (connected.told.kindsOf(id).includes('filled')) return true;
    if (!connected.told.isReady) return false;
    return (await connected.fills()).events.some(({ venueOrderId }) => venueOrderId === id);
  });
}

export const unknownCase: BrokerCase = {
  number: 'B24',
  title: 'messages, statuses and fields that it does not know are logged, and nothing else',
  async run(bench) {
    const connected = await bench.ready();
    const before = connected.context.logs.length;
    concerns(await bench.venue.sayUnknown(), 'the protocol has no room for what is unknown');
    await stillHears(bench, connected, 'after');
    const states = connected.told.statuses.map(({ state }) => state);
    expectThat(!states.includes('FAILED'), 'a message that it does not know makes it FAILED');
    const warned = connected.context.logs
      .slice(before)
      .some(({ level }) => level === 'warn' || level === 'error');
    expectThat(warned, 'a message that it does not know is not in its log');
    const ends = connected.told.events.filter(({ kind }) => kind === 'canceled' || kind === 'rejected');
    expectThat(ends.length === 0, () => `a status that it does not know is told as ${shown(ends)}`);
  },
};

export const halfOpenCase: BrokerCase = {
  number: 'B27',
  title: 'a stream that falls silent without an end is noticed and made anew',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('before', bench.far);
    const before = bench.sum(({ streams }) => streams);
    concerns(before > 0, 'it has no stream');
    bench.each((proxy) => {
      proxy.gate('stream', 'down', 'swallow');
      proxy.gate('stream', 'up', 'swallow');
    });
    await connected.untilDown(bench.fixture.silenceMs ?? 10_000);
    await bench.heal();
    await connected.untilReady();
    expectThat(bench.sum(({ streams }) => streams) > before, 'it is READY again on the stream that is dead');
    await stillHears(bench, connected, 'after');
  },
};

const GARBAGE: readonly Buffer[] = [
  Buffer.from('{"type":"order","order":{"id":'),
  Buffer.from('not JSON at all'),
  Buffer.from('[]'),
  Buffer.from('null'),
  Buffer.from('{"type":null}'),
  Buffer.from('{}'),
  Buffer.alloc(0),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.from(`{"type":"${'x'.repeat(60_000)}"}`),
];

export const garbageCase: BrokerCase = {
  number: 'B38',
  title: 'garbage, empty and cut frames on the stream do not stop it',
  async run(bench) {
    const connected = await bench.ready();
    concerns(bench.sum(({ streams }) => streams) > 0, 'it has no stream');
    for (const [index, message] of GARBAGE.entries()) {
      bench.each((proxy) => {
        proxy.say(message);
      });
      await stillHears(bench, connected, `garbage-${String(index)}`);
    }
    const states = connected.told.statuses.map(({ state }) => state);
    expectThat(!states.includes('FAILED'), 'garbage on the stream makes it FAILED');
  },
};
