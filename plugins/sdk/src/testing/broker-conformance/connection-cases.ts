import { definitionProblem } from '../conformance/definition-problem.ts';
import type { BrokerBench } from './broker-bench.ts';
import { type BrokerCase, concerns, timesHeld, timesSent } from './broker-case.ts';
import { configProblem } from './config-problem.ts';
import { type Connected, shown } from './connected.ts';
import { expectThat, Finding } from './patience.ts';

/** A little of everything that goes over the network. */
async function tour(connected: Connected): Promise<void> {
  const { account, broker } = connected;
  await connected.place('tour');
  await connected.lookup('tour');
  await connected.openOrders();
  await connected.fills();
  await connected.read('positions', (signal) => broker.positions(account, signal));
  await connected.read('balances', (signal) => broker.balances(account, signal));
  await connected.cancel('tour');
  const { marketData } = broker;
  if (marketData === undefined) return;
  await connected.read('instruments', (signal) => marketData.instruments(signal));
  await connected.read('clock', (signal) => marketData.clock(signal));
}

export const addressCase: BrokerCase = {
  number: 'B1',
  title:
    'it takes its config, refuses options that it does not have, and connects to nothing but the addresses in it',
  async run(bench) {
    const { definition, endpoints, venue, watch } = bench;
    const problem = definitionProblem(definition);
    if (problem !== null) throw new Finding(problem);
    const { config } = venue.connection(endpoints);
    const refused = configProblem(definition.config, config);
    expectThat(refused === null, `its schema refuses the fixture's config: ${refused ?? ''}`);
    const unknown = { ...(config as object), noSuchOption: true };
    expectThat(
      configProblem(definition.config, unknown) !== null,
      'its schema takes an option that it does not have: additionalProperties has to be false',
    );
    try {
      await tour(await bench.ready());
    } catch (error) {
      if (watch.strays.size === 0) throw error;
    }
    expectThat(watch.strays.size === 0, `it connects to ${[...watch.strays].join(', ')}`);
    expectThat(
      bench.sum(({ connections }) => connections) > 0,
      'it got READY without a connection to the addresses in its config',
    );
  },
};

/** Everything that it has said so far. */
const saidBy = ({ context, told }: Connected, errors: readonly unknown[]): string =>
  [...context.logs, ...told.statuses, ...errors.map(textOf)].map((each) => textOf(each)).join('\n');

function textOf(value: unknown): string {
  const seen = new Set<unknown>();
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'object' && item !== null) {
      if (seen.has(item)) return '…';
      seen.add(item);
    }
    return item instanceof Error
      ? {
          fields: Object.entries(item),
          name: item.name,
          message: item.message,
          stack: item.stack,
          cause: item.cause,
        }
      : typeof item === 'bigint'
        ? String(item)
        : item;
  });
  return `${text} ${String(value)}`;
}

const noSecretIn = (text: string, secrets: readonly string[]): void => {
  for (const secret of secrets) {
    expectThat(!text.includes(secret), 'a credential stands in its log lines, statuses or errors');
  }
};

export const credentialsCase: BrokerCase = {
  number: 'B3',
  title: 'wrong credentials are AUTH_FAILED after one try, and no credential is in log lines or errors',
  async run(bench) {
    const wrong = bench.venue.wrongConnection(bench.endpoints);
    const right = bench.venue.connection(bench.endpoints);
    const asksForSome = bench.definition.secrets !== undefined || Object.keys(right.secrets).length > 0;
    expectThat(wrong !== null || !asksForSome, 'the fixture has credentials, and none that are wrong');
    concerns(wrong !== null, 'the venue asks for no credentials');
    const welcome = await bench.ready();
    await tour(welcome);
    noSecretIn(saidBy(welcome, []), Object.values(right.secrets));
    await welcome.close();
    const errors: unknown[] = [];
    // A broker may also refuse to be connected at all.
    const connected = await bench.connect('wrong').catch((error: unknown) => {
      if (error instanceof Finding) throw error;
      errors.push(error);
      return null;
    });
    if (connected === null) {
      noSecretIn(errors.map(textOf).join('\n'), Object.values(wrong.secrets));
      return;
    }
    await bench.patience.until('FAILED with AUTH_FAILED', () =>
      connected.told.statuses.some((status) => status.state === 'FAILED' && status.code === 'AUTH_FAILED'),
    );
    await bench.patience.linger();
    const before = bench.sum(({ bytes }) => bytes);
    bench.advance(3_600_000);
    await bench.patience.linger(400);
    expectThat(
      bench.sum(({ bytes }) => bytes) === before && !connected.told.isReady,
      'it tries again with credentials that were refused: that locks accounts',
    );
    await connected
      .read('openOrders', (signal) => connected.broker.openOrders(connected.account, signal))
      .then(
        () => undefined,
        (error: unknown) => errors.push(error),
      );
    noSecretIn(saidBy(connected, errors), Object.values(wrong.secrets));
  },
};

export const readyCase: BrokerCase = {
  number: 'B4',
  title: 'READY is told only when the order stream has been acknowledged',
  async run(bench) {
    bench.each((proxy) => {
      proxy.gate('stream', 'down', 'hold');
    });
    const opening = bench.connect();
    opening.catch(() => undefined);
    let connected: Connected | null = null;
    void opening.then(
      (opened) => (connected = opened),
      () => undefined,
    );
    const isReady = (): boolean => connected?.told.isReady ?? false;
    const streams = (): number => bench.sum((proxy) => proxy.streams);
    await bench.patience.until('a stream or READY', () => streams() > 0 || isReady());
    await bench.patience.linger();
    expectThat(
      !isReady() || streams() === 0,
      'it is READY before the venue has let it into the order stream',
    );
    const early = isReady();
    await bench.heal();
    const opened = await opening;
    await opened.untilReady();
    await opened.attach();
    await bench.patience.linger();
    expectThat(!early || streams() === 0, 'it is READY before it has opened the order stream');
  },
};

/** Cut off, and kept from coming back. */
async function cutOff(bench: BrokerBench, connected: Connected): Promise<void> {
  bench.each((proxy) => {
    proxy.refuse(true);
    proxy.cut();
  });
  await connected.untilDown(bench.fixture.silenceMs ?? 10_000);
}

export const notReadyCase: BrokerCase = {
  number: 'B5',
  title: 'a submit while it is not READY is notSent: nothing goes out, then or later',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('before');
    await cutOff(bench, connected);
    const outcome = await connected.submit('early');
    expectThat(outcome.kind === 'notSent', () => `a submit while it is not READY is ${shown(outcome)}`);
    if (connected.broker.capabilities.replace) {
      const replaced = await connected.replace({ venueOrderId: 'before', brokerOrderId: null }, 'later', {});
      expectThat(replaced.kind === 'notSent', () => `a replace while it is not READY is ${shown(replaced)}`);
    }
    const cancelled = await connected.cancel('before');
    expectThat(
      cancelled.kind === 'notSent' || cancelled.kind === 'unknown',
      () => `a cancel that cannot have come to the venue is ${shown(cancelled)}`,
    );
    await bench.heal();
    await connected.untilReady();
    await connected.place('after');
    await bench.patience.linger();
    for (const id of ['early', 'later']) {
      const sent = (await timesSent(bench, id)) + (await timesSent(bench, id, 'replace'));
      expectThat(sent + (await timesHeld(bench, id)) === 0, 'what was notSent was sent later');
    }
  },
};

export const connectionLimitCase: BrokerCase = {
  number: 'B28',
  title:
    'refused because another is connected it is FAILED with CONNECTION_LIMIT, and does not drive the other out',
  async run(bench) {
    concerns(bench.definition.exclusive === true, 'the broker is not exclusive');
    const canLimit = 'limitConnections' in bench.venue;
    expectThat(canLimit, 'the fixture of an exclusive broker has no limitConnections');
    await bench.venue.limitConnections?.();
    const connected = await bench.connect();
    await bench.patience.until('FAILED with CONNECTION_LIMIT', () =>
      connected.told.statuses.some(
        (status) => status.state === 'FAILED' && status.code === 'CONNECTION_LIMIT',
      ),
    );
    const tries = bench.sum((proxy) => proxy.streams);
    await bench.patience.linger(400);
    expectThat(
      bench.sum((proxy) => proxy.streams) <= tries + 1,
      'it tries again and again without a long pause',
    );
  },
};

export const closeCase: BrokerCase = {
  number: 'B40',
  title: 'close leaves no socket and no timer, also while it is connecting, and nothing is sent after it',
  async run(bench) {
    const { patience, watch } = bench;
    const connected = await bench.ready();
    await connected.place('working');
    await connected.close();
    await patience.wait(
      'a second close',
      watch.run(() => connected.broker.close()),
    );
    const outcome = await connected.submit('late');
    expectThat(outcome.kind === 'notSent', () => `a submit after close is ${shown(outcome)}`);
    bench.each((proxy) => {
      proxy.refuse(true);
      proxy.cut();
    });
    const trying = await bench.connect().catch(() => null);
    if (trying !== null) {
      await patience.linger();
      await trying.close();
    }
    await patience
      .until('the end of all timers and sockets', () => watch.leftovers.length === 0)
      .catch((cause: unknown) => {
        throw new Finding(`close leaves behind what keeps a process alive: ${watch.leftovers.join(', ')}`, {
          cause,
        });
      });
    expectThat((await timesHeld(bench, 'working')) === 1, 'close is no reason to touch orders');
  },
};
