import { describe, expect, it } from '@jest/globals';
import { ONE } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../../../core/market/bar.ts';
import { createInstrument } from '../../../../core/market/instrument.ts';
import type { EquityDay } from '../../../../core/ports/order-reader.ts';
import type { AccountAccess } from '../../../../gateway/services/account-access.ts';
import { createBenchmark } from '../../../../gateway/services/benchmark.ts';
import { createRiskService } from '../../../../gateway/services/risk-service.ts';
import type { RequestContext } from '../../../../schema/context.ts';
import { toRiskMetrics } from '../../../../schema/risk/risk-view.ts';
import { principalOf } from '../../../support/api-world.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const SPX = createInstrument({
  symbol: 'SPX',
  name: null,
  assetClass: 'INDEX',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  multiplier: '1',
  minQuantity: null,
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: null,
  calendar: 'ALWAYS',
});

const dayOf = (index: number): string => new Date(START + index * DAY).toISOString().slice(0, 10);
/** Prices that go up and down, exact in six decimals. */
const path = (index: number): number => 1_000_000 + Math.round(50_000 * Math.sin(index * 1.7));

const equities = (count: number, of: (index: number) => number): EquityDay[] =>
  Array.from({ length: count }, (_, index) => ({
    day: dayOf(index),
    at: START + index * DAY,
    equity: String(of(index)),
    previous: null,
  }));

const bars = (count: number): Bar[] =>
  Array.from({ length: count }, (_, index) => {
    const price = (BigInt(path(index)) * ONE) / 1_000n;
    const { symbol } = SPX;
    return {
      symbol,
      interval: 'DAY_1',
      at: START + index * DAY,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: null,
      isClosed: true,
      revision: 0,
    };
  });

function serviceOver(days: EquityDay[], history: () => Promise<readonly Bar[]>) {
  let asked = 0;
  const benchmark = createBenchmark({
    symbol: 'SPX',
    market: {
      instrument: () => SPX,
      clock: () => ({ at: START + 40 * DAY, replayed: true, speed: 1, session: 'OPEN', nextChangeAt: null }),
      bars: () => {
        asked += 1;
        return history();
      },
    },
  });
  const context = {
    principal: principalOf('workspace'),
    signal: new AbortController().signal,
    reader: { equityDays: () => Promise.resolve(new Map([['account', days]])) },
  } as unknown as RequestContext;
  const service = createRiskService({ access: {} as AccountAccess, benchmark });
  return {
    risk: async () => (await service.historical(context, ['account', 'empty']))[0]!,
    empty: async () => (await service.historical(context, ['account', 'empty']))[1]!,
    asked: () => asked,
  };
}

const all = () => Promise.resolve(bars(40));

describe('risk of an account', () => {
  it('has beta 1 against what it moves with, 2 at double the moves', async () => {
    const same = await serviceOver(equities(30, path), all).risk();
    expect(same.beta).toBeCloseTo(1, 9);
    const doubled = equities(30, path).with(0, { ...equities(1, path)[0]!, equity: '1000000' });
    let equity = 1_000_000;
    for (let index = 1; index < doubled.length; index += 1) {
      equity *= 1 + 2 * (path(index) / path(index - 1) - 1);
      doubled[index] = { ...doubled[index]!, equity: equity.toFixed(12) };
    }
    expect((await serviceOver(doubled, all).risk()).beta).toBeCloseTo(2, 6);
  });

  it('is null while there are too few returns', async () => {
    const none = { valueAtRisk: null, conditionalValueAtRisk: null, volatility: null, beta: null };
    expect(await serviceOver(equities(20, path), all).risk()).toEqual(none);
    expect(await serviceOver(equities(30, path), all).empty()).toEqual(none);
    expect((await serviceOver(equities(21, path), all).risk()).valueAtRisk).toBeGreaterThan(0);
  });

  it('does without the benchmark while it cannot be had, and asks again', async () => {
    let down = true;
    const over = serviceOver(equities(30, path), () => (down ? Promise.reject(new Error('down')) : all()));
    expect(await over.risk()).toMatchObject({ beta: null, volatility: expect.any(Number) });
    down = false;
    expect((await over.risk()).beta).toBeCloseTo(1, 9);
    await over.risk();
    expect(over.asked()).toBe(2);
  });

  it('takes no deposit and no withdrawal for a return', async () => {
    const plain = equities(30, path);
    let added = 0;
    const flowed = plain.map((day, index): EquityDay => {
      const before = index === 0 ? null : String(path(index - 1) + added);
      const previous = before === null ? null : String(Number(before) + (index === 12 ? 5_000_000 : 0));
      if (index === 12) added = 5_000_000;
      // Each day's return is that of the path: what had come in by then earned the same.
      const growth = index === 0 ? 1 : path(index) / path(index - 1);
      return { ...day, previous, equity: (Number(previous ?? day.equity) * growth).toFixed(12) };
    });
    const expected = await serviceOver(plain, all).risk();
    const risk = await serviceOver(flowed, all).risk();
    expect(risk.valueAtRisk).toBeCloseTo(expected.valueAtRisk ?? NaN, 9);
    expect(risk.volatility).toBeCloseTo(expected.volatility ?? NaN, 9);
  });

  it('leaves out days without equity', async () => {
    const wiped = equities(30, (index) => (index === 10 ? 0 : path(index)));
    const { volatility } = await serviceOver(wiped, all).risk();
    expect(Number.isFinite(volatility)).toBe(true);
  });

  it('shows losses as amounts of the equity of now', () => {
    const risk = { valueAtRisk: 0.025, conditionalValueAtRisk: 0.03, volatility: 0.2, beta: null };
    expect(toRiskMetrics(risk, '1000')).toEqual({
      valueAtRisk: '25',
      conditionalValueAtRisk: '30',
      volatility: 0.2,
      beta: null,
    });
    expect(toRiskMetrics(risk, null)).toMatchObject({ valueAtRisk: null, volatility: 0.2 });
  });
});
