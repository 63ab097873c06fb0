import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Json } from '@omniquant/plugin-sdk';

import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import type { BacktestProgress, BacktestRun } from '../../../core/backtest/backtest-run.ts';
import { VERSION } from '../../version.ts';
import { findSeries } from '../market-data/find-series.ts';
import type { MarketDataSource } from '../market-data/market-data-source.ts';
import type { PreparedBacktest } from '../prepare-backtest.ts';

/** Names the code and the bars of a run: with others a snapshot of it is worth nothing. */
export function runIdentity(
  plugins: readonly { readonly specifier: string }[],
  { bars, ticks }: PreparedBacktest,
  data: Pick<MarketDataSource, 'series' | 'ticks'>,
): string {
  const series = bars.map(({ lastAt, series: wanted }) => {
    const { first, last, rows, source } = findSeries(data.series(), wanted) ?? {};
    return [wanted.symbol, wanted.interval, lastAt, rows, first, last, source];
  });
  const ofTicks = ticks.map(({ lastAt, series: { kind, symbol } }) => {
    const stored = data.ticks().find((each) => each.symbol === symbol && each.kind === kind);
    return [symbol, kind, lastAt, stored?.rows, stored?.first, stored?.source];
  });
  const code = plugins.map(({ specifier }) => [specifier, codeOf(specifier)]);
  return createHash('sha256')
    .update(JSON.stringify([VERSION, code, series, ofTicks]))
    .digest('hex');
}

/** The file that a plugin is entered by, and the package.json that it belongs to, which has its version. */
function codeOf(specifier: string): string {
  try {
    const file = fileURLToPath(import.meta.resolve(specifier));
    return createHash('sha256').update(readFileSync(file)).update(manifestOf(file)).digest('hex');
  } catch {
    // Nothing says what code it is: no snapshot is of the same.
    return randomUUID();
  }
}

function manifestOf(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return readFileSync(manifest, 'utf8');
  }
  return '';
}

/** Bytes of a snapshot that are kept; of a run that needs more the last one that fitted is. */
const MOST_BYTES = 16_777_216;

/** The snapshot that is in a text of {@link packRun}; null when it is of another run, or none. */
export function unpackRun(content: Uint8Array, identity: string): Json {
  try {
    const held = JSON.parse(gunzipSync(content).toString()) as { identity?: unknown; snapshot?: Json };
    return held.identity === identity ? (held.snapshot ?? null) : null;
  } catch {
    return null;
  }
}

/** Null for a run that is too large, or whose strategy cannot be saved. */
export function packRun(
  run: Pick<BacktestRun, 'save'>,
  identity: string,
  mostBytes = MOST_BYTES,
): Uint8Array | null {
  try {
    const content = gzipSync(JSON.stringify({ identity, snapshot: run.save() }));
    return content.byteLength > mostBytes ? null : content;
  } catch (error) {
    if (error instanceof BacktestError && error.code === 'NOT_SAVABLE') return null;
    throw error;
  }
}

export interface RunSaving {
  readonly identity: string;
  readonly everyMs: number;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  /** Whether somebody has asked for a snapshot since the last look. */
  readonly isAsked: () => boolean;
  /** Null: there is none to be had. */
  readonly saved: (content: Uint8Array | null) => void;
}

/** A twentieth of the time at most goes into snapshots. */
const SHARE = 20;

/**
 * The run with a snapshot taken between two slices whenever one is due or asked for. `from` is where a restored run goes
 * on from: until it is beyond, there is nothing new to save.
 */
export function savingRun(run: BacktestRun, from: number | null, saving: RunSaving): BacktestRun {
  const { everyMs, identity, isAsked, now, saved } = saving;
  let dueAt = now() + everyMs;

  function look({ at, done }: BacktestProgress): void {
    if (done) return;
    const isWanted = isAsked();
    const isNew = at !== null && at !== from;
    if (!isNew) {
      if (isWanted) saved(null);
      return;
    }
    const before = now();
    if (!isWanted && before < dueAt) return;
    saved(packRun(run, identity));
    const after = now();
    dueAt = after + Math.max(everyMs, SHARE * (after - before));
  }

  return {
    advance(maxBars) {
      const progress = run.advance(maxBars);
      look(progress);
      return progress;
    },
    result: () => run.result(),
    save: () => run.save(),
  };
}
