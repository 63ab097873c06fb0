import { formatDay, formatPercent, formatSignedPercent } from '../format.ts';

/** A course of values by day in one sentence, for those who do not see the chart. */
export const describeCourse = (
  label: string,
  days: readonly string[],
  values: ArrayLike<number | null>,
  write: (value: number) => string,
): string => {
  let first = -1;
  let last = -1;
  let lowest = -1;
  let highest = -1;
  for (let day = 0; day < days.length; day += 1) {
    const value = values[day];
    if (value === null || value === undefined) continue;
    if (first < 0) first = day;
    last = day;
    if (lowest < 0 || value < values[lowest]!) lowest = day;
    if (highest < 0 || value > values[highest]!) highest = day;
  }
  if (first < 0) return `${label}: no values.`;
  const at = (day: number): string => `${write(values[day]!)} on ${formatDay(days[day]!)}`;
  return `${label}: from ${at(first)} to ${at(last)}; lowest ${at(lowest)}, highest ${at(highest)}.`;
};

export const asGrowth = (value: number): string => formatSignedPercent(value - 1);
export const asPercent = (value: number): string => formatPercent(value);
export const asRatio = (value: number): string => value.toFixed(2);
