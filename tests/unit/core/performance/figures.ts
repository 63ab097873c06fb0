import { readFileSync } from 'node:fs';

import { expect } from '@jest/globals';

import { column, packageRows } from '../market/recorded-data.ts';

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/** A vector of 20 returns whose figures were computed from the formulas. */
export const GOLDEN = readJson('golden.json') as {
  readonly returns: number[];
  readonly benchmark: number[];
  readonly values: Readonly<Record<string, number>>;
};

type Figures = Readonly<Record<string, number | null>>;

export interface LibraryFigures {
  readonly quantstats: Figures;
  readonly 'quantstats 0.0.62'?: Figures;
  readonly empyrical: Figures;
  readonly pandas?: Figures;
  readonly rolling?: {
    readonly window: number;
    readonly at: readonly number[];
    readonly sharpe: readonly number[];
    readonly volatility: readonly number[];
    readonly beta?: readonly number[];
  };
  readonly drawdowns?: readonly { peakNext: string; trough: string; end: string; depthPercent: number }[];
  readonly months?: Readonly<Record<string, number>>;
  readonly years?: Readonly<Record<string, number>>;
}

const REFERENCE = readJson('reference-figures.json') as Readonly<Record<string, unknown>>;

/** Figures that the libraries themselves gave; how they were made stands in the file. */
export const libraryFigures = (name: string): LibraryFigures => REFERENCE[name] as LibraryFigures;

export const NORMAL = REFERENCE['normal'] as {
  readonly cdf: readonly (readonly [number, number])[];
  readonly quantile: readonly (readonly [number, number])[];
};

/** A column of a CSV file of an npm package, by day. */
const closes = (file: string, at: number): Map<string, string> =>
  new Map(packageRows(file).map((row) => [column(row, 0), column(row, at)]));

const SP500 = closes('vega-datasets/data/sp500-2000.csv', 4);
/** Adjusted for dividends and the split. */
const APPLE = closes('@observablehq/sample-datasets/aapl.csv', 5);

export interface Prices {
  readonly days: readonly string[];
  readonly prices: readonly string[];
  readonly benchmark: readonly string[];
}

const appleDays = [...APPLE.keys()].filter((day) => SP500.has(day)).sort();

export const APPLE_PRICES: Prices = {
  days: appleDays,
  prices: appleDays.map((day) => APPLE.get(day)!),
  benchmark: appleDays.map((day) => SP500.get(day)!),
};

const sp500Days = [...SP500.keys()].sort();

export const SP500_PRICES: Prices = {
  days: sp500Days,
  prices: sp500Days.map((day) => SP500.get(day)!),
  benchmark: [],
};

/** Equal to a relative error; null only to null. */
export const expectNear = (actual: number | null, expected: number | null, error = 1e-10): void => {
  if (expected === null || actual === null) {
    expect(actual).toBe(expected);
    return;
  }
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(error * Math.max(1e-3, Math.abs(expected)));
};

/** The mean of squared distances, summed as one would by hand. */
export const naiveDeviation = (values: ArrayLike<number>): number => {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1));
};
