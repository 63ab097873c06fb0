import { parseDay } from '../../../core/market/civil-date.ts';
import type { PerformanceReport } from '../../../core/performance/report.ts';
import { daysToDraw } from '../downsample.ts';
import { formatPercent } from '../format.ts';
import {
  chart,
  type ChartSeries,
  type ChartSpec,
  forScreen,
  type Ink,
  type ValueKind,
} from './chart-spec.ts';
import { asGrowth, asPercent, asRatio, describeCourse } from './describe.ts';

/** Spans of which each keeps its extremes: more than most screens have columns. */
const BUCKETS = 1_000;
const SHADED_DRAWDOWNS = 5;
/** Growth by as much is drawn on a logarithmic scale: on a linear one its beginning would be a flat line. */
const LOGARITHMIC_FROM = 8;

const WRITTEN: Readonly<Partial<Record<ValueKind, (value: number) => string>>> = {
  GROWTH: asGrowth,
  PERCENT: asPercent,
  RATIO: asRatio,
};

interface Course {
  readonly label: string;
  readonly ink: Ink;
  readonly style: ChartSeries['style'];
  readonly kind: ValueKind;
  readonly values: ArrayLike<number | null>;
}

type Rest = Partial<Omit<ChartSpec, 'axis' | 'series' | 'alternative'>> &
  Pick<ChartSpec, 'id' | 'title' | 'caption' | 'size'>;

const hasValue = ({ values }: Course): boolean => Array.from(values).some((value) => value !== null);

/** A chart over days of the courses that have a value; null where none has. */
const dailyChart = (days: readonly string[], courses: readonly Course[], rest: Rest): ChartSpec | null => {
  const drawn = courses.filter(hasValue);
  if (drawn.length === 0) return null;
  const kept = daysToDraw(
    days.length,
    drawn.map(({ values }) => values),
    BUCKETS,
  );
  return chart({
    ...rest,
    together: 'days',
    alternative: drawn
      .map(({ label, kind, values }) => describeCourse(label, days, values, WRITTEN[kind] ?? String))
      .join(' '),
    axis: { kind: 'DAY', values: kept.map((day) => parseDay(days[day]!)) },
    series: drawn.map((course) => ({
      ...course,
      values: kept.map((day) => forScreen(course.values[day] ?? null)),
    })),
  });
};

const extremesOf = (courses: readonly Course[]): { readonly lowest: number; readonly highest: number } => {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { values } of courses) {
    for (const value of Array.from(values)) {
      if (value === null) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  return { lowest, highest };
};

/** From peak to recovery, or to the last day. */
const shadedDrawdowns = ({ drawdowns, basis }: PerformanceReport): ChartSpec['shaded'] =>
  drawdowns.worst.slice(0, SHADED_DRAWDOWNS).map(({ peakDay, recoveryDay, depth }) => ({
    from: parseDay(peakDay),
    to: parseDay(recoveryDay ?? basis.lastDay!),
    label: formatPercent(depth, 1),
  }));

export const equityChart = (
  report: PerformanceReport,
  name: string,
  benchmark: string | null,
): ChartSpec | null => {
  const { days, index, benchmark: course } = report.series;
  const courses: readonly Course[] = [
    { label: name, ink: 'strategy', style: 'LINE', kind: 'GROWTH', values: index },
    { label: benchmark ?? 'Benchmark', ink: 'benchmark', style: 'LINE', kind: 'GROWTH', values: course },
  ];
  const { lowest, highest } = extremesOf(courses);
  const logarithmic = lowest > 0 && highest / lowest >= LOGARITHMIC_FROM;
  const shaded = shadedDrawdowns(report);
  return dailyChart(days, courses, {
    id: 'equity',
    title: 'Cumulative return',
    caption: [
      `Deposits and withdrawals removed${logarithmic ? ', logarithmic scale' : ''}.`,
      shaded.length === 0 ? '' : 'Shaded: the deepest drawdowns, from peak to recovery.',
    ].join(' '),
    size: 'TALL',
    logarithmic,
    shaded,
  });
};

export const drawdownChart = (report: PerformanceReport): ChartSpec | null =>
  dailyChart(
    report.series.days,
    [{ label: 'Drawdown', ink: 'loss', style: 'AREA', kind: 'PERCENT', values: report.series.drawdown }],
    {
      id: 'drawdown',
      title: 'Drawdown',
      caption: 'Distance to the highest value before.',
      size: 'SHORT',
      shaded: shadedDrawdowns(report),
    },
  );

/** Of the strategy or account that `name` says. Empty where the report has fewer days than the window. */
export const rollingCharts = (
  { series, ratios, relative }: PerformanceReport,
  name: string,
): readonly ChartSpec[] => {
  const over = `Over ${series.rollingWindow} trading days.`;
  const lineAt = (at: number | null, written: (value: number) => string): ChartSpec['lines'] =>
    at === null ? [] : [{ axis: 'y', at, label: `whole period ${written(at)}` }];
  const course = { label: name, ink: 'strategy', style: 'LINE' } as const;
  return [
    dailyChart(series.days, [{ ...course, kind: 'RATIO', values: series.rollingSharpe }], {
      ...{ id: 'rolling-sharpe', title: 'Rolling Sharpe ratio', caption: over, size: 'MIDDLE' },
      lines: lineAt(ratios.sharpe, asRatio),
    }),
    dailyChart(series.days, [{ ...course, kind: 'PERCENT', values: series.rollingVolatility }], {
      ...{
        id: 'rolling-volatility',
        title: 'Rolling volatility',
        caption: `${over} Annualised.`,
        size: 'MIDDLE',
      },
      lines: lineAt(ratios.volatility, asPercent),
    }),
    dailyChart(series.days, [{ ...course, kind: 'RATIO', values: series.rollingBeta }], {
      ...{
        id: 'rolling-beta',
        title: 'Rolling beta',
        caption: `${over} Against the benchmark.`,
        size: 'MIDDLE',
      },
      lines: lineAt(relative?.beta ?? null, asRatio),
    }),
  ].filter((spec) => spec !== null);
};

export const exposureChart = ({ series, exposure }: PerformanceReport): ChartSpec | null =>
  dailyChart(
    series.days,
    [{ label: 'Gross exposure', ink: 'strategy', style: 'AREA', kind: 'PERCENT', values: series.exposure }],
    {
      id: 'exposure',
      title: 'Gross exposure',
      caption: 'Sizes of all positions over equity, at the ends of days.',
      size: 'MIDDLE',
      lines:
        exposure.averageGross === null
          ? []
          : [{ axis: 'y', at: exposure.averageGross, label: `mean ${asPercent(exposure.averageGross)}` }],
    },
  );
