import type { BrokerBench } from './broker-bench.ts';
import { type BrokerCase, concerns, heldOnce, timesHeld, timesSent } from './broker-case.ts';
import { type Connected, shown } from './connected.ts';
import { expectThat } from './patience.ts';
import type { FalseAnswer } from './proxy-link.ts';

/** Whether the plugin sends requests on connections of their own; false where all goes over one stream. */
const hasRequests = (bench: BrokerBench): boolean =>
  bench.network.some(({ connections, streams }) => connections > streams);

const channelOf = (bench: BrokerBench): 'request' | 'stream' => (hasRequests(bench) ? 'request' : 'stream');

/** As after any doubt: READY again, and everything asked for anew. */
async function recover(bench: BrokerBench, connected: Connected): Promise<void> {
  await bench.heal();
  await connected.untilReady();
  await connected.attach();
}

async function landed(bench: BrokerBench, connected: Connected, id: string): Promise<void> {
  const found = await connected.lookup(id);
  expectThat(found !== null, 'lookup does not find an order that the venue took');
  await bench.patience.linger();
  await heldOnce(bench, id);
}

export const lostAnswerCase: BrokerCase = {
  number: 'B8',
  title: 'no answer by the deadline is unknown; an order that did land is found by lookup, once',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('warm-up', bench.far);
    bench.each((proxy) => {
      proxy.gate(channelOf(bench), 'down', 'swallow');
    });
    const outcome = await connected.submit(
      'landed',
      {},
      { when: async () => (await timesHeld(bench, 'landed')) > 0 },
    );
    expectThat(outcome.kind === 'unknown', () => `without an answer it is ${shown(outcome)}`);
    await recover(bench, connected);
    await landed(bench, connected, 'landed');
  },
};

export const lostRequestCase: BrokerCase = {
  number: 'B9',
  title:
    'no answer by the deadline is unknown; a request that got lost is not sent again, and lookup has null',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('warm-up', bench.far);
    const before = bench.sum(({ bytes }) => bytes);
    bench.each((proxy) => {
      proxy.gate(channelOf(bench), 'up', 'swallow');
    });
    const outcome = await connected.submit(
      'lost',
      {},
      { when: () => bench.sum(({ bytes }) => bytes) > before },
    );
    expectThat(
      outcome.kind === 'unknown' || outcome.kind === 'notSent',
      () => `a request without an answer is ${shown(outcome)}`,
    );
    await recover(bench, connected);
    expectThat((await connected.lookup('lost')) === null, 'lookup finds an order that the venue never had');
    await bench.patience.linger();
    expectThat((await timesSent(bench, 'lost')) === 0, 'a request that got lost is sent again');
  },
};

export const earlyEventCase: BrokerCase = {
  number: 'B10',
  title:
    'what the stream says before the answer is there is told at once, with the id of the order (also 17)',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('warm-up', bench.far);
    concerns(hasRequests(bench), 'requests and the stream share a connection');
    bench.each((proxy) => {
      proxy.gate('request', 'down', 'hold');
    });
    const answer = connected.submit('early');
    // Awaited below, and too late for Node where the case ends before.
    answer.catch(() => undefined);
    await bench.patience.until(
      'the venue to have the order',
      async () => (await timesHeld(bench, 'early')) > 0,
    );
    await bench.fill('early', bench.fixture.quantity);
    await bench.patience.until('a fill that came before the answer', () =>
      connected.told.fills.some(({ venueOrderId }) => venueOrderId === 'early'),
    );
    await bench.heal();
    const outcome = await answer;
    const [fill] = connected.told.fills;
    expectThat(outcome.kind === 'accepted', () => `an answer that came late is ${shown(outcome)}`);
    expectThat(fill?.brokerOrderId === outcome.brokerOrderId, 'fill and outcome have other brokerOrderIds');
    await heldOnce(bench, 'early');
  },
};

const http = (status: string, body: string, length = body.length): FalseAnswer =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${String(length)}\r\nconnection: close\r\n\r\n${body}`;

/** The venue has the order; what comes back says nothing about it. */
const USELESS: readonly (readonly [string, FalseAnswer])[] = [
  ['a reset', null],
  ['503', http('503 Service Unavailable', '{"code":"UNAVAILABLE","message":"try again later"}')],
  ['502 of a proxy', http('502 Bad Gateway', '<html><body>Bad Gateway</body></html>')],
  ['an empty 200', http('200 OK', '')],
  ['a 200 that is no JSON', http('200 OK', 'OK, thank you')],
  ['a 200 of another shape', http('200 OK', '{"unexpected":[1,2,3]}')],
  ['an answer that is cut off', http('200 OK', '{"id":"1', 400)],
  ['what is no HTTP', '\u0000\u0001\u0002 what is this\r\n\r\n'],
];

export const uselessAnswerCase: BrokerCase = {
  number: 'B11',
  title: 'a 5xx, a reset and an answer that cannot be read are unknown, and not tried again',
  async run(bench) {
    const connected = await bench.ready();
    await connected.place('warm-up', bench.far);
    concerns(hasRequests(bench), 'requests and the stream share a connection');
    for (const [index, [name, answer]] of USELESS.entries()) {
      const id = `useless-${String(index)}`;
      bench.each((proxy) => {
        // More than one: whoever tries again gets no better answer.
        proxy.answerNext(answer, answer, answer);
      });
      const outcome = await connected.submit(id);
      await bench.heal();
      expectThat(outcome.kind === 'unknown', () => `${name} in place of an answer is ${shown(outcome)}`);
      await connected.untilReady();
      const sent = await timesSent(bench, id);
      expectThat(sent === 1, `after ${name} the order was sent ${String(sent)} times`);
      await landed(bench, connected, id);
    }
  },
};
