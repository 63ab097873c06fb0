import { describe, expect, it } from '@jest/globals';
import {
  cancel,
  cancelAll,
  clearTimer,
  close,
  place,
  replace,
  setTimer,
  type StrategyOrder,
} from '@omniquant/plugin-sdk';
import { barsOf, randomBars, replay } from '@omniquant/plugin-sdk/testing';

import { scripted } from '../../../../support/scripted-strategy.ts';
import { bar, order, run } from './scripted-replay.ts';

const DAY_MS = 86_400_000;

describe('what a strategy does to its orders', () => {
  const resting = order({ type: 'LIMIT', limitPrice: '90' });

  it('replaces terms from the next bar on', async () => {
    const change = replace('x', { limitPrice: '99', quantity: '4' });
    const { fills, heard } = await run({ bars: { 0: [resting], 1: [change] } }, [101, bar(100, 100, 98, 99)]);
    expect(fills).toEqual(['x 4@99']);
    expect(heard).toContain('WORKING x');
  });

  it('replaced within a bar, does not meet that bar any more', async () => {
    const start = barsOf([1])[0]?.at ?? 0;
    const noon = {
      start: [setTimer('noon', start + 1.5 * DAY_MS)],
      'timer noon': [replace('x', { quantity: '4' })],
    };
    const { fills } = await run({ bars: { 0: [resting] }, on: noon }, [bar(100, 100, 80, 85), 84]);
    expect(fills).toEqual(['x 4@85']);
  });

  it('does not replace what cannot be replaced so', async () => {
    const { orders, problems } = await run(
      { bars: { 0: [resting], 1: [replace('x', { stopPrice: '80' }), replace('y', { quantity: '1' })] } },
      [101, 102],
    );
    expect(orders[0]).toMatchObject({ status: 'WORKING', limitPrice: '90', stopPrice: null });
    expect(problems.map(({ message }) => message)).toEqual([
      'order x cannot be replaced: stopPrice does not go with LIMIT',
      'there is no open order y',
    ]);
  });

  it('cancels one order, those of a symbol, or all', async () => {
    const others = ['y', 'z'].map((ref) => order({ ref, type: 'LIMIT', limitPrice: '90' }));
    const script = {
      bars: { 0: [resting, ...others], 1: [cancel('x')], 2: [cancelAll('TEST'), cancel('x')] },
    };
    const { ended, problems } = await run(script, [101, 102]);
    expect(ended).toEqual({
      x: ['CANCELED', 'canceled by the strategy'],
      y: ['CANCELED', 'canceled by the strategy'],
      z: ['CANCELED', 'canceled by the strategy'],
    });
    expect(problems).toHaveLength(1);
  });

  it('closes all or part of what it holds, and finds nothing to close when it is flat', async () => {
    const script = { bars: { 0: [order({}), close('TEST')], 1: [close('TEST', '4')], 2: [close('TEST')] } };
    const { fills, problems } = await run(script, [101, 102, 103]);
    expect(fills).toEqual(['x 10@100', '2.0 4@101', '3.0 6@102']);
    expect(problems).toEqual([expect.objectContaining({ message: 'there is nothing of TEST to close' })]);
  });

  it('shrinks reduce-only orders to the position', async () => {
    const exits = ['a', 'b'].map((ref) =>
      order({ ref, side: 'SELL', quantity: '7', reduceOnly: true, type: 'LIMIT', limitPrice: '105' }),
    );
    const { fills, ended } = await run({ bars: { 0: [order({})], 1: exits } }, [
      101,
      bar(106, 107, 105, 106),
    ]);
    expect(fills).toEqual(['x 10@100', 'a 7@106', 'b 3@106']);
    expect(ended['b']).toEqual(['CANCELED', 'reduce-only: nothing is left to reduce']);
  });
});

describe('timers', () => {
  it('ring at their time, between bars and after the bar that ends with them', async () => {
    const start = barsOf([1])[0]?.at ?? 0;
    const timers = [setTimer('noon', start + 1.5 * DAY_MS), setTimer('last', start + 3 * DAY_MS)];
    const { heard, effects } = await run(
      {
        bars: { 0: [...timers, setTimer('never', start + DAY_MS)] },
        on: { 'timer noon': [clearTimer('never')] },
      },
      [101, 102],
    );
    expect(heard).toEqual([
      ...['start', 'bar TEST 100', 'timer never', 'timer noon'],
      ...['bar TEST 101', 'bar TEST 102', 'timer last', 'stop'],
    ]);
    expect(effects.find(({ on }) => on === 'timer')?.at).toBe(start + 1.5 * DAY_MS);
  });

  it('gives an order of a timer no bar that had begun before', async () => {
    const start = barsOf([1])[0]?.at ?? 0;
    const script = { on: { start: [setTimer('noon', start + 1.5 * DAY_MS)], 'timer noon': [order({})] } };
    const { fills } = await run(script, [bar(101, 101, 101, 101), bar(103, 103, 103, 103)]);
    expect(fills).toEqual(['x 10@103']);
  });
});

describe('what is refused', () => {
  it('denies more than cash allows, and short sales where there are none', async () => {
    const options = { startingCash: '1000', leverage: 1 };
    const { ended } = await run({ bars: { 0: [order({ quantity: '10.01' })] } }, [101], options);
    expect(ended['x']).toEqual(['DENIED', expect.stringContaining('worth 1001 are more than the 1000')]);
    expect((await run({ bars: { 0: [order({})] } }, [101], options)).fills).toHaveLength(1);
    expect(
      (await run({ bars: { 0: [order({ quantity: '20' })] } }, [101], { ...options, leverage: 2 })).fills,
    ).toHaveLength(1);
    const short = { bars: { 0: [order({ side: 'SELL' })] } };
    expect((await run(short, [101], { allowShort: false })).ended['x']).toEqual([
      ...['DENIED', 'selling more than the 0 held would be a short sale'],
    ]);
    expect((await run(short, [101])).fills).toEqual(['x 10@100']);
  });

  it('counts what open orders bind, and lets what closes pass', async () => {
    const orders = ['a', 'b'].map((ref) => order({ ref, quantity: '6', type: 'LIMIT', limitPrice: '100' }));
    const { ended } = await run({ bars: { 0: orders, 1: [close('TEST')] } }, [99, 98], {
      ...{ startingCash: '1000', leverage: 1 },
    });
    expect(ended).toMatchObject({
      a: ['FILLED', null],
      b: ['DENIED', expect.anything()],
      '2.0': ['FILLED', null],
    });
  });

  it.each<[Partial<StrategyOrder>, string]>([
    [{ type: 'LIMIT' }, 'limitPrice is needed for LIMIT'],
    [{ limitPrice: '100' }, 'limitPrice does not go with MARKET'],
    [{ type: 'LIMIT', limitPrice: '100.001' }, 'multiples of the tick'],
    [{ quantity: '0' }, 'quantity has to be above zero'],
    [{ notional: '100' }, 'exactly one of quantity and notional'],
    [{ type: 'TRAILING_STOP', trailingOffset: '1' }, 'PRICE or PERCENT'],
    [{ timeInForce: 'OPG' }, 'has no auctions'],
    [{ timeInForce: 'GTD' }, 'expireAt is needed'],
    [{ type: 'STOP', stopPrice: '90', timeInForce: 'IOC' }, 'cannot wait for the trigger'],
    [{ symbol: 'OTHER' }, 'no symbol of the strategy'],
    [{ takeProfit: { limitPrice: '90' }, stopLoss: { stopPrice: '95' } }, 'have to lie in this order'],
    [{ type: 'SPREAD' as 'LIMIT' }, 'no type of order'],
  ])('denies %j', async (given, reason) => {
    const { ended } = await run({ bars: { 0: [order(given)] } }, [101]);
    expect(ended['x']).toEqual(['DENIED', expect.stringContaining(reason)]);
  });

  it('rejects a post-only order that would take at the open', async () => {
    const post = order({ type: 'LIMIT', limitPrice: '101', postOnly: true });
    expect((await run({ bars: { 0: [post] } }, [101])).ended['x']?.[0]).toBe('REJECTED');
    expect((await run({ bars: { 0: [post] } }, [bar(102, 103, 100, 101)])).fills).toEqual(['x 10@101']);
  });

  it('tells of a cancel by the venue', async () => {
    const { heard } = await run({ bars: { 0: [order({ type: 'LIMIT', limitPrice: '90' })] } }, [101], {
      venueCancels: ({ ref }) => ref === 'x',
    });
    expect(heard).toContain('CANCELED x');
  });

  it('ends a strategy that answers its own denials without end', async () => {
    const again = order({ quantity: '0' });
    const endless = run({ bars: { 0: [again] }, on: { 'DENIED x': [again] } }, [101]);
    await expect(endless).rejects.toMatchObject({ name: 'ReplayError', code: 'REPLAY_ENDLESS' });
  });
});

describe('several symbols and intervals', () => {
  it('gives bars at their ends, and trades against the finest', async () => {
    const { definition, heard } = scripted({
      inputs: { intervals: ['DAY_1'] },
      bars: { 3: [place({ ref: 'x', symbol: 'A', side: 'BUY', quantity: '1' })] },
    });
    const start = barsOf([1])[0]?.at ?? 0;
    const fine = (symbol: string, first: number) =>
      Array.from({ length: 8 }, (_, index) => ({
        ...{ symbol, interval: 'HOUR_4' as const, at: start + (index * DAY_MS) / 6, volume: 1 },
        ...{ open: first + index, high: first + index, low: first + index, close: first + index },
      }));
    const days = [{ ...barsOf([1000], { symbol: 'A' })[0]!, interval: 'DAY_1' as const }];
    const { fills } = await replay(definition, [...days, ...fine('A', 1), ...fine('B', 101)], {
      symbols: ['B', 'A'],
      interval: 'HOUR_4',
    });
    expect(heard.filter((what) => what.startsWith('bar')).slice(0, 4)).toEqual([
      ...['bar B 101', 'bar A 1', 'bar B 102', 'bar A 2'],
    ]);
    expect(heard.indexOf('bar A 1000')).toBe(heard.indexOf('bar A 6') + 1);
    expect(fills).toMatchObject([{ price: '3', symbol: 'A' }]);
  });

  it('takes the first bars as the warm-up', async () => {
    const { definition, heard } = scripted({ inputs: { warmup: 3 } });
    const bars = barsOf([1, 2, 3, 4, 5]);
    await replay(definition, bars);
    expect(heard).toEqual([
      'bar TEST 1',
      'bar TEST 2',
      'bar TEST 3',
      'start',
      'bar TEST 4',
      'bar TEST 5',
      'stop',
    ]);
    await expect(replay(definition, bars.slice(0, 2))).rejects.toMatchObject({ code: 'REPLAY_BARS' });
  });
});

describe('bars and parameters that are none', () => {
  const [one, two] = randomBars({ count: 2 });

  it.each([
    ['out of order', [two, one]],
    ['twice', [one, one]],
    ['beyond their range', [{ ...one, high: 1 }]],
    ['without a price', [{ ...one, open: Number.NaN }]],
    ['free of charge', [{ ...one, low: 0 }]],
    ['of another series', [one, { ...two, interval: 'MINUTE_1' }]],
  ])('refuses bars %s', async (_, bars) => {
    const { definition } = scripted({});
    await expect(replay(definition, bars as never)).rejects.toMatchObject({ code: 'REPLAY_BARS' });
  });

  it('refuses parameters and options, and gives the strategy’s own faults their codes', async () => {
    const bars = barsOf([1, 2]);
    const { definition } = scripted({});
    await expect(replay(definition, bars, { config: { no: 1 } })).rejects.toMatchObject({
      code: 'REPLAY_CONFIG',
    });
    await expect(replay(definition, bars, { slippageBps: -1 })).rejects.toMatchObject({
      code: 'REPLAY_OPTIONS',
    });
    await expect(replay(definition, bars, { leverage: -1 })).rejects.toMatchObject({
      code: 'REPLAY_OPTIONS',
    });
    const bad = scripted({ bars: { 0: [{ type: 'buy' } as never] } }).definition;
    await expect(replay(bad, bars)).rejects.toMatchObject({ code: 'STRATEGY_BAD_EFFECT' });
  });
});
