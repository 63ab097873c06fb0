import { describe, expect, it } from '@jest/globals';

import type { BacktestResult } from '../../../../core/backtest/backtest-result.ts';
import type { BacktestRun } from '../../../../core/backtest/backtest-run.ts';
import { barBlocks, type BarColumns, columnsOf } from '../../../../core/backtest/bar-source.ts';
import { fedSeries, leadBacktest, type LedProgress } from '../../../../gateway/backtests/lead-backtest.ts';
import { flatRows } from './memory-market-data.ts';

const RESULT = { resultHash: 'of all of it' } as BacktestResult;
const SERIES = { symbol: 'AAPL', interval: 'MINUTE_1' } as const;
const BARS = 100;

/** Reads ten blocks of ten bars; `onSlice` is told what each slice was asked for. */
function bench(onSlice: (most: number) => void = () => undefined) {
  const blocks = barBlocks(SERIES);
  const state = { taken: 0, left: 0, read: 0, isReaderClosed: false };
  const run: BacktestRun = {
    advance(most) {
      onSlice(most);
      for (let step = 0; step < most; step += 1) {
        if (state.left === 0) {
          const next = blocks.next();
          if (next === 'WAIT') return { done: false, progress: state.taken / BARS, at: 0, waitsFor: SERIES };
          if (next === 'END') return { done: true, progress: 1, at: 5, waitsFor: null };
          state.left = next.at.length;
        }
        state.left -= 1;
        state.taken += 1;
      }
      return { done: false, progress: state.taken / BARS, at: 0, waitsFor: null };
    },
    result: () => RESULT,
    save: () => null,
  };
  async function* read(): AsyncGenerator<BarColumns> {
    try {
      for (let block = 0; block < 10; block += 1) {
        state.read += 1;
        await Promise.resolve();
        yield columnsOf(flatRows(block * 600_000, 60_000, 10));
      }
    } finally {
      state.isReaderClosed = true;
    }
  }
  return { run, state, blocks, read, fed: [fedSeries(blocks, read)] };
}

describe('leading a backtest', () => {
  it('gives it the bars that it waits for, to the last, in slices that are no larger than asked', async () => {
    const asked: number[] = [];
    const { fed, run, state } = bench((most) => asked.push(most));
    const heard: LedProgress[] = [];
    const options = {
      signal: new AbortController().signal,
      sliceBars: 7,
      onProgress: (each: LedProgress) => heard.push(each),
    };
    expect(await leadBacktest(run, fed, options)).toBe(RESULT);
    expect(state).toMatchObject({ taken: 100, read: 10, isReaderClosed: true });
    expect(Math.max(...asked)).toBe(7);
    expect(heard.at(-1)).toMatchObject({ progress: 1, at: 5, remainingMs: 0 });
  });

  it('lets the event loop turn between slices, and stops there when it is told to', async () => {
    const stop = new AbortController();
    const { fed, run, state } = bench();
    const reason = new Error('no longer wanted');
    setImmediate(() => {
      stop.abort(reason);
    });
    await expect(leadBacktest(run, fed, { signal: stop.signal, sliceBars: 1 })).rejects.toBe(reason);
    expect(state.taken).toBeLessThan(BARS);
    expect(state.isReaderClosed).toBe(true);
  });

  it('rejects with what reading throws, and closes the other readers', async () => {
    const { blocks, read, run, state } = bench();
    const failing = fedSeries(blocks, async function* (signal: AbortSignal): AsyncGenerator<BarColumns> {
      for await (const block of read()) {
        signal.throwIfAborted();
        yield block;
        throw new Error('the disk is gone');
      }
    });
    await expect(leadBacktest(run, [failing], { signal: new AbortController().signal })).rejects.toThrow(
      'the disk is gone',
    );
    expect(state.isReaderClosed).toBe(true);
  });
});
