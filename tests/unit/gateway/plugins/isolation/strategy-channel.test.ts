import { describe, expect, it } from '@jest/globals';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import { EMPTY_PORTFOLIO, type PortfolioData } from '@omniquant/plugin-sdk/strategy-view';
import fc from 'fast-check';

import { HeldInputs } from '../../../../../gateway/plugins/isolation/held-inputs.ts';
import { unpackInputs } from '../../../../../gateway/plugins/isolation/packed-inputs.ts';
import {
  openStrategyChannel,
  type StrategyVessel,
} from '../../../../../gateway/plugins/isolation/strategy-channel.ts';
import type {
  FromStrategy,
  StrategyAnswer,
  StrategyRequest,
} from '../../../../../gateway/plugins/isolation/strategy-protocol.ts';

const OPTIONS = { requestTimeoutMs: 10_000, startTimeoutMs: 10_000, heartbeatMs: 10_000 };

/** A strategy that has an effect on each input whose time is a multiple of `every`, and keeps what it saw. */
function strategyEvery(every: number) {
  const held = new HeldInputs();
  const seen: StrategyInput[] = [];
  const portfolios: PortfolioData[] = [];
  const kinds: StrategyRequest['kind'][] = [];
  const answer = (request: StrategyRequest): StrategyAnswer => {
    kinds.push(request.kind);
    if (request.kind !== 'run' && request.kind !== 'goOn') return null;
    if (request.kind === 'run') {
      held.add(request.kept, unpackInputs(request.inputs));
      if (request.portfolio !== null) portfolios.push(request.portfolio);
    }
    const inputs = held.inputs.slice(held.first);
    const index = inputs.findIndex(({ at }) => at % every === 0);
    const taken = index < 0 ? inputs.length : index + 1;
    held.take(taken);
    seen.push(...inputs.slice(0, taken));
    const name = String(seen.length);
    const effects = index < 0 ? [] : [{ type: 'clearTimer' as const, name }];
    return { taken, effects, saved: index >= 0 || request.save ? name : null };
  };
  let tell: (message: FromStrategy) => void;
  const vessel: StrategyVessel = {
    post({ id, request }) {
      queueMicrotask(() => {
        tell({ kind: 'answer', id, answer: answer(structuredClone(request)) });
      });
    },
    onMessage(listener) {
      tell = listener;
      const inputs = { warmup: 0, intervals: [], quotes: true, trades: false };
      listener({ kind: 'ready', inputs, remembers: true });
    },
    onEnd: () => undefined,
    kill: () => Promise.resolve(),
  };
  return { kinds, portfolios, seen, vessel };
}

const bar = (at: number): StrategyInput => {
  const prices = { open: 1, high: 1, low: 1, close: 1, volume: 1 };
  return { kind: 'bar', at, bar: { symbol: 'AAPL', interval: 'MINUTE_1', at, ...prices } };
};
const quote = (at: number): StrategyInput => ({
  ...{ kind: 'quote', at },
  quote: { symbol: 'AAPL', at, bid: 1, ask: 2, last: null },
});

describe('inputs on their way to a strategy that is elsewhere', () => {
  it('are taken once each and in order, up to the first with effects or to the last', async () => {
    const arbitrary = fc.record({
      every: fc.integer({ min: 1, max: 60 }),
      batch: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 0, max: 200 }),
      turns: fc.infiniteStream(
        fc.record({
          isNews: fc.boolean(),
          save: fc.boolean(),
          // A quote that waits gives way to a newer one.
          quoteAt: fc.option(fc.nat(40), { freq: 4 }),
        }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ batch, count, every, turns }) => {
        const { portfolios, seen, vessel } = strategyEvery(every);
        const channel = await openStrategyChannel(vessel, OPTIONS);
        const inputs = Array.from({ length: count }, (_, index) => bar(index + 1));
        let news = 0;
        for (let next = 0; next < count;) {
          const [{ isNews, quoteAt, save }] = [...turns.take(1)] as [
            { isNews: boolean; save: boolean; quoteAt: number | null },
          ];
          const replaced = next + (quoteAt ?? count);
          if (replaced < count) inputs[replaced] = quote(replaced + 1);
          const given = inputs.slice(next, next + batch);
          const index = given.findIndex(({ at }) => at % every === 0);
          const expected = index < 0 ? given.length : index + 1;
          const step = await channel.run(given, isNews ? EMPTY_PORTFOLIO : null, save);
          if (isNews) news += 1;
          next += expected;
          const name = String(next);
          expect(step.taken).toBe(expected);
          expect(step.effects).toEqual(index < 0 ? [] : [{ type: 'clearTimer', name }]);
          expect(step.saved?.() ?? null).toBe(index >= 0 || save ? name : null);
          expect(portfolios).toHaveLength(news);
        }
        expect(seen).toEqual(inputs);
        await channel.close();
      }),
    );
  });

  it('are sent many at a time, however few a step takes', async () => {
    const { kinds, vessel } = strategyEvery(10);
    const channel = await openStrategyChannel(vessel, OPTIONS);
    const inputs = Array.from({ length: 10_000 }, (_, index) => bar(index + 1));
    for (let next = 0; next < inputs.length;) {
      next += (await channel.run(inputs.slice(next, next + 1_000), null, false)).taken;
    }
    await channel.close();
    expect(kinds.filter((kind) => kind === 'goOn').length).toBeGreaterThanOrEqual(kinds.length - 20);
  });
});
