import { describe, expect, it } from '@jest/globals';
import { close } from '@omniquant/plugin-sdk';

import { bar, order, run } from './scripted-replay.ts';

describe('brackets', () => {
  const bracket = order({ takeProfit: { limitPrice: '110' }, stopLoss: { stopPrice: '90' } });

  it('holds the legs until the entry has filled, and cancels the stop when the profit is taken', async () => {
    const { fills, heard, ended } = await run({ bars: { 0: [bracket] } }, [
      // Beyond both legs, which do not work yet.
      bar(100, 115, 85, 100),
      bar(100, 111, 99, 105),
    ]);
    expect(fills).toEqual(['x 10@100', 'x.takeProfit 10@110']);
    expect(ended['x.stopLoss']).toEqual(['CANCELED', 'the other leg of the bracket has filled']);
    expect(heard.filter((what) => what.includes('.'))).toEqual([
      ...['HELD x.takeProfit', 'HELD x.stopLoss', 'SUBMITTED x.takeProfit', 'WORKING x.takeProfit'],
      ...['fill x.takeProfit', 'fill x.takeProfit 10@110', 'FILLED x.takeProfit', 'CANCELED x.stopLoss'],
    ]);
  });

  it('takes the stop when a bar reaches both', async () => {
    const { fills } = await run({ bars: { 0: [bracket] } }, [101, bar(101, 111, 89, 100)]);
    expect(fills).toEqual(['x 10@100', 'x.stopLoss 10@90']);
  });

  it('takes the profit when the bar opens beyond it, whatever came after', async () => {
    const { fills } = await run({ bars: { 0: [bracket] } }, [101, bar(112, 113, 85, 100)]);
    expect(fills).toEqual(['x 10@100', 'x.takeProfit 10@112']);
  });

  it('sizes legs to what the entry has filled, and ends the entry with the first exit', async () => {
    const limited = order({ type: 'LIMIT', limitPrice: '100', stopLoss: { stopPrice: '95' } });
    // Opens below the limit: 4 of 10 by volume. Then both open beyond: the stop goes first, for these 4.
    const later = [bar(99, 101, 98, 100), bar(94, 101, 93, 100), bar(99, 100, 98, 99)];
    const { fills, ended, statistics } = await run({ bars: { 0: [limited] } }, later, {
      maxVolumeShare: '0.04',
    });
    expect(fills).toEqual(['x 4@99', 'x.stopLoss 4@94']);
    expect(ended['x']).toEqual(['CANCELED', 'a leg of the bracket has filled']);
    expect(statistics).toMatchObject({ trades: 1, losses: 1, realizedPnl: '-20' });
  });

  it('lets the legs go with an entry that ends unfilled', async () => {
    const { ended } = await run({ bars: { 0: [bracket] } }, [101], {
      refuse: () => ({ status: 'REJECTED', reason: 'closed' }),
    });
    expect(ended).toMatchObject({ x: ['REJECTED', 'closed'], 'x.stopLoss': ['CANCELED', expect.anything()] });
  });

  it('trails a stop from the close of the bar of the fill', async () => {
    const trailing = order({ stopLoss: { trailingOffset: '3', trailingOffsetType: 'PRICE' } });
    // Close 106, level 103, reached by the second bar.
    const { fills } = await run({ bars: { 0: [trailing] } }, [
      bar(100, 107, 99, 106),
      bar(106, 106, 102.5, 105),
    ]);
    expect(fills).toEqual(['x 10@100', 'x.stopLoss 10@103']);
  });

  it('gives way when the position is closed otherwise', async () => {
    const { fills, ended } = await run({ bars: { 0: [bracket], 1: [close('TEST')] } }, [
      101,
      bar(101, 102, 89, 90),
    ]);
    expect(fills).toEqual(['x 10@100', '2.0 10@101']);
    expect(ended['x.stopLoss']).toEqual(['CANCELED', 'reduce-only: nothing is left to reduce']);
  });
});
