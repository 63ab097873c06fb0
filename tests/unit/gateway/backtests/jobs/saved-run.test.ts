import { gunzipSync, gzipSync } from 'node:zlib';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { BacktestError } from '../../../../../core/backtest/backtest-error.ts';
import type { BacktestRun } from '../../../../../core/backtest/backtest-run.ts';
import { runBacktestTask } from '../../../../../gateway/backtests/jobs/backtest-task.ts';
import { packRun, savingRun } from '../../../../../gateway/backtests/jobs/saved-run.ts';

const PLUGINS = [{ specifier: '@omniquant/strategy-sma-cross', grants: [] }];
const requestOf = (config: object = {}): object => ({
  ...{ strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1', config },
});

interface Ran {
  readonly hash: string;
  readonly events: number;
  readonly saved: readonly (Uint8Array | null)[];
}

/** In this thread; saved where it is asked to be only. */
async function run(
  options: { saved?: Uint8Array | null; config?: object; asks?: number } = {},
): Promise<Ran> {
  const { asks = 0, config, saved = null } = options;
  const contents: (Uint8Array | null)[] = [];
  let asked = 0;
  const result = await runBacktestTask(
    { request: requestOf(config), plugins: PLUGINS, dataDir: '/nonexistent' },
    { saved, everyMs: 1e9 },
    {
      progress: () => undefined,
      saved: (content) => void contents.push(content),
      isSaveAsked: () => (asked += 1) <= asks,
    },
  );
  const { eventsProcessed: events, resultHash: hash } = result;
  return { hash, events, saved: contents };
}

/** Saved between any two slices: it is asked to, as by itself it spends little of its time on that. */
async function runSavedOften(saved: Uint8Array | null = null): Promise<Ran> {
  const ran = await run({ saved, asks: Infinity });
  return { ...ran, saved: ran.saved.filter((content) => content !== null) };
}

let whole: Ran;
let often: Ran;

beforeAll(async () => {
  whole = await run();
  often = await runSavedOften();
});

describe('a backtest that is saved while it runs', () => {
  it('comes to the same, and was saved nowhere but between two slices', () => {
    expect(whole.saved).toEqual([]);
    expect(often.saved.length).toBeGreaterThan(0);
    expect([often.hash, often.events]).toEqual([whole.hash, whole.events]);
  });

  it('goes on from wherever it was saved to the same hash', async () => {
    for (const saved of [often.saved[0]!, often.saved.at(-1)!]) {
      const resumed = await run({ saved });
      expect([resumed.hash, resumed.events]).toEqual([whole.hash, whole.events]);
    }
  });

  it('does not do again what was done before', async () => {
    const barsOf = (content: Uint8Array): number =>
      (JSON.parse(gunzipSync(content).toString()) as { readonly snapshot: { readonly bars: number } })
        .snapshot.bars;
    const saved = often.saved[Math.floor(often.saved.length / 2)]!;
    expect(barsOf(saved)).toBeGreaterThan(barsOf(often.saved[0]!));
    const resumed = await runSavedOften(saved);
    expect(barsOf(resumed.saved[0]!)).toBeGreaterThan(barsOf(saved));
  });

  it('begins anew with what is of other settings, code, bars or form, and with what is none', async () => {
    const { identity, snapshot } = JSON.parse(gunzipSync(often.saved[0]!).toString()) as {
      readonly identity: string;
      readonly snapshot: object;
    };
    const packed = (held: object): Uint8Array => gzipSync(JSON.stringify(held));
    const others = [
      packed({ identity: 'of another version', snapshot }),
      packed({ identity, snapshot: { ...snapshot, schema: 0 } }),
      Buffer.from('no gzip'),
    ];
    for (const saved of others) expect((await run({ saved })).hash).toBe(whole.hash);
    const other = { fast: 5, slow: 21 };
    const undisturbed = await run({ config: other });
    expect(undisturbed.hash).not.toBe(whole.hash);
    expect((await run({ config: other, saved: often.saved[0]! })).hash).toBe(undisturbed.hash);
  });

  it('answers at once when it is asked to save itself', async () => {
    const { saved } = await run({ asks: 3 });
    expect(saved).toHaveLength(3);
  });
});

describe('a run that is saved', () => {
  const bench = (save: () => null = () => null) => {
    const state = { at: null as number | null, now: 0, asked: false };
    const contents: (Uint8Array | null)[] = [];
    const run: BacktestRun = {
      advance: () => ({ done: false, progress: 0, at: state.at, waitsFor: null }),
      result: () => ({}) as never,
      save,
    };
    const saving = savingRun(run, 5, {
      ...{ identity: 'i', everyMs: 100, now: () => state.now, isAsked: () => state.asked },
      saved: (content) => void contents.push(content),
    });
    const advance = (change: Partial<typeof state>): number => {
      Object.assign(state, change);
      saving.advance(1);
      return contents.length;
    };
    return { advance, contents, state };
  };

  it('is not saved again where it goes on from, and says so when asked', () => {
    const { advance, contents } = bench();
    expect(advance({ at: 5, now: 1_000 })).toBe(0);
    expect(advance({ asked: true })).toBe(1);
    expect(contents).toEqual([null]);
    expect(advance({ at: 6 })).toBe(2);
    expect(contents[1]).not.toBeNull();
  });

  it('spends no more than a twentieth of its time on that', () => {
    let cost = 0;
    const { advance, state } = bench(() => {
      state.now += cost;
      return null;
    });
    cost = 50;
    expect([advance({ at: 6, now: 99 }), advance({ now: 100 })]).toEqual([0, 1]);
    expect([advance({ now: 1_149 }), advance({ now: 1_150 })]).toEqual([1, 2]);
  });

  it('has nothing to save of a strategy that cannot be, or is too large', () => {
    const notSavable = (): never => {
      throw new BacktestError('NOT_SAVABLE', 'the strategy has no snapshot');
    };
    expect(packRun({ save: notSavable }, 'i')).toBeNull();
    expect(packRun({ save: () => 'a text' }, 'i', 20)).toBeNull();
    expect(packRun({ save: () => 'a text' }, 'i')).not.toBeNull();
  });
});
