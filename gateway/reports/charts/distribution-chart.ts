import type { PerformanceReport } from '../../../core/performance/report.ts';
import { counted, formatCount, formatPercent } from '../format.ts';
import { chart, type ChartSpec, forScreen } from './chart-spec.ts';

/** Null without a daily return. */
export const distributionChart = ({ distribution, tails, moments }: PerformanceReport): ChartSpec | null => {
  const fullest = distribution.toSorted((a, b) => b.count - a.count)[0];
  if (fullest === undefined) return null;
  const middles = distribution.map(({ from, to }) => (from + to) / 2);
  const bars = (counts: (middle: number) => boolean): (number | null)[] =>
    distribution.map(({ count }, at) => (counts(middles[at]!) ? count : null));
  const lines: ChartSpec['lines'] = [
    { at: tails.valueAtRisk95, label: 'VaR 95%' },
    { at: moments.mean, label: 'mean' },
  ].flatMap(({ at, label }) => (at === null ? [] : [{ axis: 'x' as const, at, label }]));
  return chart({
    id: 'distribution',
    title: 'Distribution of daily returns',
    caption: 'Days by their return, with the mean and the value at risk.',
    alternative:
      `Histogram of ${counted(moments.count, 'daily return')} in ${counted(distribution.length, 'bar')}, ` +
      `from ${formatPercent(distribution[0]!.from)} to ${formatPercent(distribution.at(-1)!.to)}; most days, ` +
      `${formatCount(fullest.count)}, lie between ${formatPercent(fullest.from)} and ${formatPercent(fullest.to)}.`,
    size: 'MIDDLE',
    axis: { kind: 'VALUE', values: middles.map((middle) => forScreen(middle)!) },
    series: [
      { label: 'Days lost', ink: 'loss', style: 'BARS', kind: 'COUNT', values: bars((middle) => middle < 0) },
      {
        label: 'Other days',
        ink: 'gain',
        style: 'BARS',
        kind: 'COUNT',
        values: bars((middle) => middle >= 0),
      },
    ],
    lines,
  });
};
