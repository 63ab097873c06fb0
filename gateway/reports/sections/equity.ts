import type { ChartSpec } from '../charts/chart-spec.ts';
import type { TearSheetCharts } from '../charts/tear-sheet-charts.ts';
import { formatDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { figure } from '../statistics/figure.ts';
import { DRAWDOWN_TERMS, RATIO_TERMS } from '../statistics/return-terms.ts';
import { statisticsTable } from '../statistics/statistics-table.ts';
import { RELATIVE_TERMS } from '../statistics/trade-terms.ts';
import { withheldIn } from '../statistics/withheld.ts';
import type { TearSheetInput } from '../tear-sheet-input.ts';
import { absent, chartFigure } from './chart-figure.ts';
import { dataTable } from './data-table.ts';

const drawdownTable = ({ performance: { drawdowns }, currency }: TearSheetInput): Markup =>
  dataTable({
    caption: 'Worst drawdowns',
    columns: [
      { name: 'Depth', isNumber: true },
      { name: 'Peak' },
      { name: 'Trough' },
      { name: 'Recovery' },
      { name: 'Trading days', isNumber: true },
      { name: 'Calendar days', isNumber: true },
    ],
    rows: drawdowns.worst.map((fall) => [
      figure('PERCENT', fall.depth, currency),
      formatDay(fall.peakDay),
      formatDay(fall.troughDay),
      fall.recoveryDay === null ? 'lasts' : formatDay(fall.recoveryDay),
      figure('COUNT', fall.tradingDays, currency),
      figure('COUNT', fall.calendarDays, currency),
    ]),
    none: 'Equity never fell below a peak.',
  });

const chartOr = (spec: ChartSpec | null, title: string): Markup =>
  spec === null ? absent(title, 'There is no trading day yet.') : chartFigure(spec);

export const equitySection = (input: TearSheetInput, charts: TearSheetCharts): Markup => {
  const { performance, currency } = input;
  return html`<section id="equity" aria-labelledby="equity-title">
    <h2 id="equity-title">Equity and drawdown</h2>
    ${chartOr(charts.equity, 'Cumulative return')} ${chartOr(charts.drawdown, 'Drawdown')}
    ${drawdownTable(input)}
    <div class="tables">
      ${statisticsTable(
        {
          ...{ id: 'ratios', title: 'Return and risk', terms: RATIO_TERMS, figures: performance.ratios },
          withheld: withheldIn(RATIO_TERMS, performance),
        },
        currency,
      )}
      ${statisticsTable(
        { id: 'drawdowns', title: 'Drawdowns', terms: DRAWDOWN_TERMS, figures: performance.drawdowns },
        currency,
      )}
      ${
        performance.relative === null
          ? absent('Against a benchmark', 'There was no benchmark, or no day on which both have a return.')
          : statisticsTable(
              {
                ...{ id: 'relative', title: 'Against the benchmark', terms: RELATIVE_TERMS },
                figures: performance.relative,
                withheld: withheldIn(RELATIVE_TERMS, performance),
              },
              currency,
            )
      }
    </div>
  </section>`;
};
