import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { PerformanceReport } from './report.ts';

/** Rows for a CSV file, a JSON document or a page: money is decimal strings, times are ISO 8601 in UTC. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const time = (at: number): string => new Date(at).toISOString();

/** Every figure by name, ours first (family.field), then those of other libraries where they differ. */
export const statisticsTable = ({
  summary,
  ratios,
  moments,
  tails,
  dailyWins,
  drawdowns,
  relative,
  exposure,
  costs,
  trades,
  compat,
}: PerformanceReport): Table => {
  const { worst: _, ...falls } = drawdowns;
  const families = {
    summary,
    ratios,
    moments,
    tails,
    dailyWins,
    drawdowns: falls,
    relative: relative ?? {},
    exposure,
    costs,
    trades: trades.statistics,
    ...compat,
  };
  return {
    columns: ['family', 'statistic', 'value'],
    rows: Object.entries(families).flatMap(([family, figures]) =>
      Object.entries<string | number | bigint | null>({ ...figures }).map(([statistic, value]) => [
        family,
        statistic,
        typeof value === 'bigint' ? formatDecimal(value) : value,
      ]),
    ),
  };
};

export const dailyTable = ({ series }: PerformanceReport): Table => ({
  columns: [
    'day',
    'equity',
    'index',
    'return',
    'drawdown',
    'exposure',
    'benchmark',
    'rollingSharpe',
    'rollingVolatility',
    'rollingBeta',
  ],
  rows: series.days.map((day, at) => [
    day,
    formatDecimal(series.equity[at]!),
    series.index[at]!,
    series.returns[at]!,
    series.drawdown[at]!,
    series.exposure[at]!,
    series.benchmark[at]!,
    series.rollingSharpe[at]!,
    series.rollingVolatility[at]!,
    series.rollingBeta[at]!,
  ]),
});

export const tradesTable = ({ trades }: PerformanceReport): Table => ({
  columns: [
    'symbol',
    'direction',
    'openedAt',
    'closedAt',
    'quantity',
    'entryPrice',
    'exitPrice',
    'grossPnl',
    'fees',
    'netPnl',
    'return',
  ],
  rows: trades.closed.map((trade) => [
    trade.symbol,
    trade.direction,
    time(trade.openedAt),
    time(trade.closedAt),
    formatDecimal(trade.quantity),
    formatDecimal(trade.entryPrice),
    formatDecimal(trade.exitPrice),
    formatDecimal(trade.grossPnl),
    formatDecimal(trade.fees),
    formatDecimal(trade.netPnl),
    trade.return,
  ]),
});

export const drawdownsTable = ({ drawdowns }: PerformanceReport): Table => ({
  columns: ['depth', 'peakDay', 'troughDay', 'recoveryDay', 'tradingDays', 'calendarDays'],
  rows: drawdowns.worst.map((fall) => [
    fall.depth,
    fall.peakDay,
    fall.troughDay,
    fall.recoveryDay,
    fall.tradingDays,
    fall.calendarDays,
  ]),
});

export const monthsTable = ({ monthTable }: PerformanceReport): Table => ({
  columns: ['year', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', 'total'],
  rows: monthTable.map(({ year, months, total }) => [year, ...months, total]),
});
