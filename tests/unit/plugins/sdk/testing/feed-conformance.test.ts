import { describe, expect, it } from '@jest/globals';
import { feedConformance } from '@omniquant/plugin-sdk/testing';

import { type FeedFlaws, feedWith } from '../../../../support/plugins/broken-feeds.ts';

const OPTIONS = {
  badConfigs: [{ symbol: 'OTHER' }, { symbol: 5 }, { other: 1 }],
  quietMs: 30,
  promptMs: 300,
};

/** Numbers of the cases that a feed does not pass. */
async function failed(flaws: FeedFlaws, events = 20): Promise<readonly string[]> {
  const numbers: string[] = [];
  for (const { number, run } of feedConformance(feedWith(flaws), { ...OPTIONS, events })) {
    await run().catch(() => numbers.push(number));
  }
  return numbers;
}

describe('the cases for feeds', () => {
  it('are eleven, and a sound feed passes them all', async () => {
    expect(feedConformance(feedWith({})).map(({ number }) => number)).toEqual(
      Array.from({ length: 11 }, (_, index) => `F${String(index + 1)}`),
    );
    expect(await failed({})).toEqual([]);
  });

  it.each<[string, FeedFlaws, string]>([
    ['takes settings that cannot be', { takesAnyConfig: true }, 'F1'],
    ['has an instrument twice', { doublesSymbols: true }, 'F2'],
    ['tells a high below its low', { tellsHighBelowLow: true }, 'F3'],
    ['goes back in time', { shufflesStream: true }, 'F3'],
    ['tells bars twice', { doublesBars: true }, 'F4'],
    ['has the end within the range', { includesEnd: true }, 'F5'],
    ['has another past than it told', { pastDiffers: true }, 'F6'],
    ['does not hear of an abort', { ignoresAbort: true }, 'F7'],
    ['does not end at close', { ignoresClose: true }, 'F8'],
    ['takes symbols that it does not have', { takesAnySymbol: true }, 'F9'],
    ['is another each time', { isRandom: true }, 'F10'],
    ['shows what has not happened', { looksAhead: true }, 'F11'],
  ])('find the feed that %s', async (_, flaws, number) => {
    expect(await failed(flaws)).toContain(number);
  });

  it('find the feed that leaves a timer behind', async () => {
    const ids: NodeJS.Timeout[] = [];
    const real = globalThis.setInterval;
    globalThis.setInterval = ((work: () => void, ms: number) => {
      const id = real(work, ms);
      ids.push(id);
      return id;
    }) as typeof setInterval;
    try {
      expect(await failed({ leavesTimer: true })).toContain('F8');
    } finally {
      globalThis.setInterval = real;
      ids.forEach(clearInterval);
    }
  });
});
