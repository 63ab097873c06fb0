import type { BrokerBench } from './broker-bench.ts';
import type { BrokerCase } from './broker-case.ts';
import { timesSent } from './broker-case.ts';
import { type Connected, shown } from './connected.ts';
import { expectThat } from './patience.ts';

type Read = readonly [name: string, call: (signal: AbortSignal) => Promise<unknown>];

const readsOf = ({ account, broker }: Connected): readonly Read[] => [
  ['lookup', (signal) => broker.lookup(account, 'read', signal)],
  ['openOrders', (signal) => broker.openOrders(account, signal)],
  ['fillsSince', (signal) => broker.fillsSince(account, null, signal)],
  ['positions', (signal) => broker.positions(account, signal)],
  ['balances', (signal) => broker.balances(account, signal)],
];

export const unreachableCase: BrokerCase = {
  number: 'B42',
  title: 'what the venue does not know is null, and a venue that does not answer is an error, never nothing',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('read');
    expectThat(
      (await connected.lookup('never-placed')) === null,
      'lookup of an order that never was is not null',
    );
    bench.each((proxy) => {
      proxy.refuse(true);
      proxy.cut();
    });
    for (const [name, call] of readsOf(connected)) {
      const answer = await connected.read(name, call).then(
        (value) => ({ value }),
        () => null,
      );
      expectThat(
        answer === null,
        () => `${name} of a venue that cannot be reached is ${shown(answer?.value)}`,
      );
    }
  },
};

const holdAll = (bench: BrokerBench): void => {
  bench.each((proxy) => {
    proxy.gate('request', 'down', 'hold');
    proxy.gate('stream', 'down', 'hold');
  });
};

export const signalCase: BrokerCase = {
  number: 'B43',
  title: 'every call ends with its signal, and nothing goes out under one that is aborted already',
  async run(bench) {
    const { patience, watch } = bench;
    const connected = await bench.ready();
    await connected.place('read');
    const aborted = AbortSignal.abort();
    const outcome = await patience.wait(
      'a submit under a signal that is aborted',
      watch.run(() => connected.broker.submit(connected.order('aborted'), aborted)),
    );
    expectThat(
      outcome.kind === 'notSent',
      () => `a submit under a signal that is aborted is ${shown(outcome)}`,
    );
    await patience.linger();
    expectThat(
      (await timesSent(bench, 'aborted')) === 0,
      'an order went out under a signal that was aborted',
    );
    holdAll(bench);
    for (const [name, call] of readsOf(connected)) {
      const deadline = new AbortController();
      const before = bench.sum(({ bytes }) => bytes);
      const reading = watch
        .run(() => call(deadline.signal))
        .then(
          () => 'answered',
          () => 'refused',
        );
      await patience.until(`${name} to be asked`, () => bench.sum(({ bytes }) => bytes) > before);
      deadline.abort(new DOMException('The deadline passed', 'TimeoutError'));
      const end = await patience.wait(`${name} after its signal was aborted`, reading);
      expectThat(end === 'refused', `${name} without an answer has one`);
    }
  },
};
