import type { TimeFormat } from './config.ts';
import { quoted } from './duck.ts';
import { epochUnit } from './times.ts';

/** Epoch ms; `to` is outside. Null is without bound. */
export interface TimeRange {
  readonly from: number | null;
  readonly to: number | null;
}

const DAY = 86_400_000;
/** Zones, and times that say the end of an interval of up to a week, are left to whoever reads the rows. */
const MARGIN_MS = 9 * DAY;

const isNumber = (type: string): boolean =>
  /^(U?(BIG|HUGE)?INT(EGER)?|U?(SMALL|TINY)INT|DOUBLE|FLOAT)/.test(type);

/**
 * SQL conditions that leave out most rows outside of a range, and none inside. In a Parquet file they spare
 * reading whole row groups, in a CSV file making texts of its rows.
 */
export function timeConditions(
  column: { readonly name: string; readonly type: string; readonly isDate: boolean },
  format: TimeFormat,
  sample: string,
  range: TimeRange,
): readonly string[] {
  const bounds = [
    ['>=', range.from === null ? null : range.from - MARGIN_MS],
    ['<=', range.to === null ? null : range.to + MARGIN_MS],
  ] as const;
  return bounds.flatMap(([compare, at]) => {
    if (at === null || Math.abs(at) > 8e15) return [];
    const bound = boundOf(column, format, sample, at);
    return bound === null ? [] : [`${bound[0]} ${compare} ${bound[1]}`];
  });
}

function boundOf(
  { isDate, name, type }: { readonly name: string; readonly type: string; readonly isDate: boolean },
  format: TimeFormat,
  sample: string,
  at: number,
): readonly [string, string] | null {
  const unit = isDate ? undefined : epochUnit(format);
  if (unit !== undefined) {
    const value = unit < 1 ? BigInt(Math.trunc(at)) * BigInt(Math.round(1 / unit)) : Math.trunc(at / unit);
    return [isNumber(type) ? quoted(name) : `TRY_CAST(${quoted(name)} AS DECIMAL(38, 9))`, String(value)];
  }
  const day = new Date(at).toISOString().slice(0, 10);
  if (type.startsWith('TIMESTAMP') || type === 'DATE') {
    return [quoted(name), `${type === 'DATE' ? 'DATE' : 'TIMESTAMP'} '${day}'`];
  }
  // As texts they compare where they begin with the year.
  if (type !== 'VARCHAR') return null;
  if (/^\d{4}-\d{2}-\d{2}/.test(sample)) return [quoted(name), `'${day}'`];
  return /^\d{8}/.test(sample) ? [quoted(name), `'${day.replaceAll('-', '')}'`] : null;
}
