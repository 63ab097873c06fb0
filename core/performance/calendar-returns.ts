import type { DailySeries } from './daily-equity.ts';
import { finiteOrNull } from './sums.ts';

/** Return of a month ('2024-03') or year ('2024'); the first and the last may not be whole ones. */
export interface PeriodReturn {
  readonly period: string;
  /** Compounded; null where the period began with nothing left. */
  readonly value: number | null;
}

/** A row of the table of months. */
export interface YearOfMonths {
  readonly year: string;
  /** January to December; null for a month without a day. */
  readonly months: readonly (number | null)[];
  readonly total: number | null;
}

const returnsBy = ({ days, index }: Pick<DailySeries, 'days' | 'index'>, length: number): PeriodReturn[] => {
  const periods: PeriodReturn[] = [];
  let before = 1;
  for (let day = 0; day < days.length; day += 1) {
    const period = days[day]!.slice(0, length);
    if (day + 1 < days.length && days[day + 1]!.startsWith(period)) continue;
    periods.push({ period, value: before > 0 ? finiteOrNull(index[day]! / before - 1) : null });
    before = index[day]!;
  }
  return periods;
};

/** By month of the trading day; in the order of time, months without a day left out. */
export const monthlyReturns = (series: Pick<DailySeries, 'days' | 'index'>): PeriodReturn[] =>
  returnsBy(series, 'YYYY-MM'.length);

export const yearlyReturns = (series: Pick<DailySeries, 'days' | 'index'>): PeriodReturn[] =>
  returnsBy(series, 'YYYY'.length);

/** One row a year, for a heat map. */
export const monthTable = (series: Pick<DailySeries, 'days' | 'index'>): YearOfMonths[] => {
  const byMonth = new Map(monthlyReturns(series).map(({ period, value }) => [period, value]));
  return yearlyReturns(series).map(({ period: year, value: total }) => ({
    year,
    months: Array.from(
      { length: 12 },
      (_, month) => byMonth.get(`${year}-${String(month + 1).padStart(2, '0')}`) ?? null,
    ),
    total,
  }));
};
