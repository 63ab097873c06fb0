import type { YearOfMonths } from '../../../core/performance/calendar-returns.ts';
import type { TearSheetCharts } from '../charts/tear-sheet-charts.ts';
import { formatFixed, MONTH_NAMES } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { MOMENT_TERMS, TAIL_TERMS } from '../statistics/return-terms.ts';
import { statisticsTable } from '../statistics/statistics-table.ts';
import { DAY_TERMS } from '../statistics/trade-terms.ts';
import { withheldIn } from '../statistics/withheld.ts';
import type { TearSheetInput } from '../tear-sheet-input.ts';
import { absent, chartFigure } from './chart-figure.ts';

const SHADES = 5;

/** Class of a cell: as many shades of gain and loss as a tenth of the months leaves at the darkest. */
const shadeOf = (value: number | null, darkest: number): string => {
  if (value === null) return 'blank';
  if (value === 0) return 'flat';
  const shade = Math.min(SHADES, Math.max(1, Math.ceil((Math.abs(value) / darkest) * SHADES)));
  return `${value > 0 ? 'gain' : 'loss'}-${shade}`;
};

const darkestOf = (years: readonly YearOfMonths[]): number => {
  const sizes = years
    .flatMap(({ months }) => months)
    .filter((value) => value !== null)
    .map(Math.abs)
    .sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length * 0.9)] || 0.01;
};

const cell = (value: number | null, month: string, className: string): Markup =>
  html`<td role="cell" class="${className}" data-month="${month}">
    ${value === null ? null : html`<data value="${value}">${formatFixed(value * 100, 1)}</data>`}
  </td>`;

const heatMap = (years: readonly YearOfMonths[]): Markup => {
  const darkest = darkestOf(years);
  return html`<table class="heat" role="table">
    <caption>
      Monthly returns
      <span>Per cent, compounded; the first and the last month may not be whole.</span>
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">Year</th>
        ${MONTH_NAMES.map((name) => html`<th scope="col" role="columnheader">${name}</th>`)}
        <th scope="col" role="columnheader" class="total">Year</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${years.map(
        ({ year, months, total }) =>
          html`<tr role="row">
            <th scope="row" role="rowheader">${year}</th>
            ${months.map((value, month) => cell(value, MONTH_NAMES[month]!, shadeOf(value, darkest)))}
            ${cell(total, 'Year', `total ${total === null || total === 0 ? '' : total > 0 ? 'up' : 'down'}`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

export const returnsSection = (
  { performance: report, currency }: TearSheetInput,
  { distribution }: TearSheetCharts,
): Markup => {
  return html`<section id="returns" aria-labelledby="returns-title">
    <h2 id="returns-title">Returns</h2>
    ${report.monthTable.length === 0 ? absent('Monthly returns', 'There is no trading day yet.') : heatMap(report.monthTable)}
    ${distribution === null ? absent('Distribution of daily returns', 'There is no daily return yet.') : chartFigure(distribution)}
    <div class="tables">
      ${statisticsTable(
        {
          ...{ id: 'tails', title: 'Tails', terms: TAIL_TERMS, figures: report.tails },
          withheld: withheldIn(TAIL_TERMS, report),
        },
        currency,
      )}
      ${statisticsTable({ id: 'moments', title: 'Moments', terms: MOMENT_TERMS, figures: report.moments }, currency)}
      ${statisticsTable({ id: 'days', title: 'Days', terms: DAY_TERMS, figures: report.dailyWins }, currency)}
    </div>
  </section>`;
};
