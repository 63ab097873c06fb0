import { Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { brokerConformance, ConformanceError } from '@omniquant/plugin-sdk/testing';

import { broker } from '../../../../../plugins/sdk/templates/broker/src/broker.ts';
import fixture from '../../../../../plugins/sdk/templates/broker/src/fixture.ts';
import { BROKEN, BROKEN_BROKERS } from '../../../../support/plugins/broken-broker-cases.ts';
import { LEAKS } from '../../../../support/plugins/broker-fault.ts';

const SEED = 'tests';

describe('the broker of the template passes', () => {
  for (const { number, run, title } of brokerConformance(broker, fixture, { seed: SEED })) {
    it(`${number} ${title}`, async () => {
      expect(await run()).toBeNull();
    });
  }
});

describe('a broken broker fails at the case of its fault', () => {
  afterEach(() => {
    for (const timer of LEAKS.splice(0)) clearInterval(timer);
  });

  it.each(BROKEN)('%s at %s', async (name, number, why) => {
    const cases = brokerConformance(BROKEN_BROKERS[name], {
      ...fixture,
      patienceMs: 1_500,
      silenceMs: 1_500,
    });
    const found = await cases
      .find((each) => each.number === number)
      ?.run()
      .catch((error: unknown) => error);
    expect(found).toBeInstanceOf(ConformanceError);
    expect(found).toMatchObject({ number, message: expect.stringMatching(why) });
  });
});

describe('the list of cases', () => {
  it('has numbers of its own, in order', () => {
    const numbers = brokerConformance(broker, fixture).map(({ number }) => Number(number.slice(1)));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers.length).toBeGreaterThan(35);
  });

  it('skips only what a broker declares not to have', async () => {
    const plain = {
      ...broker,
      exclusive: false,
      async connect(...args: Parameters<typeof broker.connect>) {
        const inner = await broker.connect(...args);
        const capabilities = { ...inner.capabilities, replace: false, refusesDuplicates: false };
        return new Proxy(inner, {
          get: (target, name) => {
            if (name === 'capabilities') return capabilities;
            if (name === 'marketData') return undefined;
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          },
        });
      },
    };
    const skipped: string[] = [];
    for (const { number, run } of brokerConformance(plain, fixture, { seed: SEED })) {
      if (number === 'B44' || number === 'B11') continue;
      if ((await run()) !== null) skipped.push(number);
    }
    expect(skipped).toEqual(['B12', 'B21', 'B22', 'B28', 'B35', 'B36', 'B37']);
  });

  it('puts back what it watches, also after a broker that fails', async () => {
    const { connect } = Socket.prototype;
    const listeners = process.listenerCount('unhandledRejection');
    const [address] = brokerConformance(BROKEN_BROKERS.callsHome, fixture);
    await expect(address?.run()).rejects.toThrow('B1');
    expect(Socket.prototype.connect).toBe(connect);
    expect(process.listenerCount('unhandledRejection')).toBe(listeners);
  });
});
