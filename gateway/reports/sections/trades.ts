import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { OpenTrade, RoundTrip } from '../../../core/performance/round-trips.ts';
import type { TearSheetCharts } from '../charts/tear-sheet-charts.ts';
import { formatCount, formatInstant, formatPrice, formatQuantity } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { figure } from '../statistics/figure.ts';
import { statisticsTable } from '../statistics/statistics-table.ts';
import { OUTCOME_TERMS, PNL_TERMS, TRADE_RATIO_TERMS } from '../statistics/trade-terms.ts';
import { withheldIn } from '../statistics/withheld.ts';
import type { TearSheetInput } from '../tear-sheet-input.ts';
import { absent, chartFigure } from './chart-figure.ts';
import { dataTable } from './data-table.ts';

/** So many are listed whole; of more, the best and the worst. */
const LISTED_WHOLE = 40;
const BEST_AND_WORST = 10;

const GROUPS = [
  { id: 'outcomes', title: 'Outcomes', terms: OUTCOME_TERMS },
  { id: 'pnl', title: 'Profit and loss', terms: PNL_TERMS },
  { id: 'trade-ratios', title: 'Ratios and durations', terms: TRADE_RATIO_TERMS },
] as const;

const exact = (value: bigint, text: string): Markup =>
  html`<data value="${formatDecimal(value)}">${text}</data>`;
const symbolOf = (symbol: string): Markup => html`<bdi>${symbol}</bdi>`;
const direction = (way: RoundTrip['direction']): string => (way === 'LONG' ? 'Long' : 'Short');

const tradeTable = (caption: string, note: string, trades: readonly RoundTrip[], currency: string): Markup =>
  dataTable({
    ...{ caption, note, none: 'No trade was closed.' },
    columns: [
      { name: 'Symbol' },
      { name: 'Side' },
      { name: 'Opened' },
      { name: 'Closed' },
      { name: 'Quantity', isNumber: true },
      { name: 'Entry', isNumber: true },
      { name: 'Exit', isNumber: true },
      { name: 'Fees', isNumber: true },
      { name: 'Net profit', isNumber: true },
      { name: 'Return', isNumber: true },
    ],
    rows: trades.map((trade) => [
      symbolOf(trade.symbol),
      direction(trade.direction),
      formatInstant(trade.openedAt),
      formatInstant(trade.closedAt),
      exact(trade.quantity, formatQuantity(trade.quantity)),
      exact(trade.entryPrice, formatPrice(trade.entryPrice)),
      exact(trade.exitPrice, formatPrice(trade.exitPrice)),
      figure('MONEY', trade.fees, currency),
      html`<span class="${trade.netPnl > 0n ? 'up' : trade.netPnl < 0n ? 'down' : ''}"
        >${figure('MONEY', trade.netPnl, currency)}</span
      >`,
      figure('PERCENT', trade.return, currency),
    ]),
  });

const openTable = (open: readonly OpenTrade[], currency: string): Markup =>
  dataTable({
    ...{ caption: 'Open at the end', none: 'Nothing was held at the end.' },
    columns: [
      { name: 'Symbol' },
      { name: 'Side' },
      { name: 'Opened' },
      { name: 'Quantity', isNumber: true },
      { name: 'Realised by partial exits', isNumber: true },
      { name: 'Fees', isNumber: true },
    ],
    rows: open.map((trade) => [
      symbolOf(trade.symbol),
      direction(trade.direction),
      formatInstant(trade.openedAt),
      exact(trade.quantity, formatQuantity(trade.quantity)),
      figure('MONEY', trade.realizedPnl, currency),
      figure('MONEY', trade.fees, currency),
    ]),
  });

const byPnl = (a: RoundTrip, b: RoundTrip): number =>
  a.netPnl === b.netPnl ? 0 : a.netPnl > b.netPnl ? -1 : 1;

const tradeTables = (closed: readonly RoundTrip[], currency: string): readonly Markup[] => {
  const note = `Times in UTC, money in ${currency}.`;
  if (closed.length <= LISTED_WHOLE) return [tradeTable('Closed trades', note, closed, currency)];
  const ranked = closed.toSorted(byPnl);
  const of = `Of ${formatCount(closed.length)}; all are in trades.csv. ${note}`;
  return [
    tradeTable('Best trades', of, ranked.slice(0, BEST_AND_WORST), currency),
    tradeTable('Worst trades', of, ranked.slice(-BEST_AND_WORST).reverse(), currency),
  ];
};

export const tradesSection = (input: TearSheetInput, { prices, pricesLeftOut }: TearSheetCharts): Markup => {
  const { performance, currency } = input;
  const { statistics, closed, open } = performance.trades;
  return html`<section id="trades" aria-labelledby="trades-title">
    <h2 id="trades-title">Trades</h2>
    ${prices.length === 0 ? absent('Trades on the price', 'There are no prices to draw.') : prices.map(chartFigure)}
    ${pricesLeftOut === 0 ? null : html`<p class="remark">Drawn are the symbols with the most traded value; ${formatCount(pricesLeftOut)} more are in the tables.</p>`}
    <div class="tables">
      ${GROUPS.map(({ id, title, terms }) =>
        statisticsTable(
          { id, title, terms, figures: statistics, withheld: withheldIn(terms, performance) },
          currency,
        ),
      )}
    </div>
    ${tradeTables(closed, currency)} ${openTable(open, currency)}
  </section>`;
};
