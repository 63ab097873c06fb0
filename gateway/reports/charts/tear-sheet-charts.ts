import type { TearSheetInput } from '../tear-sheet-input.ts';
import type { ChartSpec } from './chart-spec.ts';
import { drawdownChart, equityChart, exposureChart, rollingCharts } from './daily-charts.ts';
import { distributionChart } from './distribution-chart.ts';
import { priceCharts } from './price-charts.ts';

/** All charts of a sheet; null and empty where there is nothing to draw. */
export interface TearSheetCharts {
  readonly equity: ChartSpec | null;
  readonly drawdown: ChartSpec | null;
  readonly distribution: ChartSpec | null;
  readonly rolling: readonly ChartSpec[];
  readonly prices: readonly ChartSpec[];
  /** Symbols that have prices, but no chart. */
  readonly pricesLeftOut: number;
  readonly exposure: ChartSpec | null;
}

export const chartsOf = (input: TearSheetInput): TearSheetCharts => {
  const { performance, benchmark } = input;
  const name = input.subject === 'BACKTEST' ? 'Strategy' : 'Account';
  const { charts, leftOut } = priceCharts(input);
  return {
    equity: equityChart(performance, name, benchmark),
    drawdown: drawdownChart(performance),
    distribution: distributionChart(performance),
    rolling: rollingCharts(performance, name),
    prices: charts,
    pricesLeftOut: leftOut,
    exposure: exposureChart(performance),
  };
};

/** In the order of the page. */
export const chartList = ({
  equity,
  drawdown,
  distribution,
  rolling,
  prices,
  exposure,
}: TearSheetCharts): ChartSpec[] =>
  [equity, drawdown, distribution, ...rolling, ...prices, exposure].filter((spec) => spec !== null);
