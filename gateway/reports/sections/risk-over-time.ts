import type { TearSheetCharts } from '../charts/tear-sheet-charts.ts';
import { counted, formatCount } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { statisticsTable } from '../statistics/statistics-table.ts';
import { COST_TERMS, EXPOSURE_TERMS } from '../statistics/trade-terms.ts';
import type { TearSheetInput } from '../tear-sheet-input.ts';
import { absent, chartFigure } from './chart-figure.ts';

export const rollingSection = ({ performance }: TearSheetInput, { rolling }: TearSheetCharts): Markup => {
  const { rollingWindow, days } = performance.series;
  return html`<section id="rolling" aria-labelledby="rolling-title">
    <h2 id="rolling-title">Risk over time</h2>
    ${
      rolling.length === 0
        ? absent(
            'Rolling figures',
            `They need ${formatCount(rollingWindow)} daily returns that vary; the period has ${counted(days.length, 'day')}.`,
          )
        : rolling.map(chartFigure)
    }
  </section>`;
};

export const exposureSection = (
  { performance, currency }: TearSheetInput,
  { exposure }: TearSheetCharts,
): Markup => {
  return html`<section id="costs" aria-labelledby="costs-title">
    <h2 id="costs-title">Exposure and costs</h2>
    ${exposure === null ? absent('Gross exposure', 'It was not recorded.') : chartFigure(exposure)}
    <div class="tables">
      ${statisticsTable(
        { id: 'exposure', title: 'Exposure', terms: EXPOSURE_TERMS, figures: performance.exposure },
        currency,
      )}
      ${statisticsTable(
        { id: 'cost-figures', title: `Costs, in ${currency}`, terms: COST_TERMS, figures: performance.costs },
        currency,
      )}
    </div>
  </section>`;
};
