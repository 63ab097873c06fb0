import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { BarRow } from '../../../core/backtest/bar-source.ts';
import type { CorporateAction } from '../../../core/backtest/corporate-actions.ts';
import { dayBarStart } from '../../../core/market/bar-interval.ts';
import { calendarOf } from '../../../core/market/calendars.ts';

/* Raw days of Lean with the factor of each that adjusts them; not everybody has the file. */

export const LEAN = join(import.meta.dirname, '../../../../shared/data/us_daily_lean.csv.gz');

export interface LeanRow {
  readonly day: string;
  readonly bar: BarRow;
  readonly factor: number;
}

const calendar = calendarOf('US_EQUITY');

/** Up to the end of 2020. */
export function leanRows(wanted: string): readonly LeanRow[] {
  const lines = gunzipSync(readFileSync(LEAN)).toString('utf8').trim().split('\n').slice(1);
  return lines.flatMap((line): LeanRow[] => {
    const [symbol = '', day = '', ...numbers] = line.split(',');
    if (symbol !== wanted || day > '2020-12-31') return [];
    const [open = 0, high = 0, low = 0, close = 0, volume = 0, factor = 0] = numbers.map(Number);
    return [{ day, factor, bar: { at: dayBarStart(day, calendar), open, high, low, close, volume } }];
  });
}

/** What the factors say: far from one they are splits, close to it dividends. */
export const actionsOfFactors = (symbol: string, rows: readonly LeanRow[]): readonly CorporateAction[] =>
  rows.slice(1).flatMap((row, index): CorporateAction[] => {
    const before = rows[index];
    if (before === undefined) return [];
    const ratio = before.factor / row.factor;
    const split = (to: number, from: number): CorporateAction => ({
      ...{ kind: 'SPLIT', symbol, exDay: row.day, to, from },
    });
    if (ratio < 0.7) return [split(Math.round(1 / ratio), 1)];
    if (ratio > 1.5) return [split(1, Math.round(ratio))];
    const amount = before.bar.close * (1 - ratio);
    return amount > 0.0005 ? [{ kind: 'DIVIDEND', symbol, exDay: row.day, amount: amount.toFixed(9) }] : [];
  });
