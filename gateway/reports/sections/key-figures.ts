import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { PerformanceSummary } from '../../../core/performance/summary.ts';
import { counted, formatMoney, formatPercent, formatSignedPercent } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { figure } from '../statistics/figure.ts';
import type { FigureKind } from '../statistics/term.ts';
import type { TearSheetInput } from '../tear-sheet-input.ts';

interface KeyFigure {
  readonly field: keyof PerformanceSummary;
  readonly label: string;
  readonly kind: FigureKind;
  /** What stands below it: a comparison or what it rests on. */
  readonly beside: string | null;
}

/** "Benchmark +4.20%"; null without the figure. */
const beside = (name: string, value: number | null, write: (value: number) => string): string | null =>
  value === null ? null : `${name} ${write(value)}`;

const money = (amount: string, currency: string): string => formatMoney(parseDecimal(amount), currency);

const keyFigures = ({ performance, currency }: TearSheetInput): readonly KeyFigure[] => {
  const { summary, relative, ratios, drawdowns } = performance;
  const longest = drawdowns.maxDrawdownDays;
  return [
    {
      ...{ field: 'totalReturn', label: 'Total return', kind: 'PERCENT' },
      beside: beside('Benchmark', relative?.benchmarkReturn ?? null, formatSignedPercent),
    },
    {
      ...{ field: 'cagr', label: 'Growth a year', kind: 'PERCENT' },
      beside: beside('Benchmark', relative?.benchmarkGrowthRate ?? null, formatSignedPercent),
    },
    {
      ...{ field: 'sharpe', label: 'Sharpe ratio', kind: 'RATIO' },
      beside: beside('Likelihood above zero', summary.probabilisticSharpe, (value) =>
        formatPercent(value, 1),
      ),
    },
    {
      ...{ field: 'maxDrawdown', label: 'Deepest drawdown', kind: 'PERCENT' },
      beside: longest === null ? null : `Longest ${counted(longest, 'day')}`,
    },
    {
      ...{ field: 'netProfit', label: 'Net profit', kind: 'MONEY' },
      beside: `${money(summary.startEquity, currency)} → ${money(summary.endEquity, currency)}`,
    },
    {
      ...{ field: 'volatility', label: 'Volatility', kind: 'PERCENT' },
      beside: beside('Downside', ratios.downsideDeviation, formatPercent),
    },
    {
      ...{ field: 'winRate', label: 'Win rate', kind: 'PERCENT' },
      beside: counted(summary.trades, 'closed trade'),
    },
    {
      ...{ field: 'profitFactor', label: 'Profit factor', kind: 'RATIO' },
      beside: summary.expectancy === null ? null : `${money(summary.expectancy, currency)} a trade`,
    },
  ];
};

const SIGNED: ReadonlySet<keyof PerformanceSummary> = new Set(['totalReturn', 'cagr', 'netProfit']);

const toneOf = (field: keyof PerformanceSummary, value: number | string | null): string => {
  if (!SIGNED.has(field) || value === null || Number(value) === 0) return '';
  return Number(value) > 0 ? 'up' : 'down';
};

export const keyFiguresSection = (input: TearSheetInput): Markup => {
  const { summary, withheld } = input.performance;
  return html`<section id="key-figures" aria-labelledby="key-figures-title">
    <h2 id="key-figures-title">Key figures</h2>
    <dl class="key-figures">
      ${keyFigures(input).map(
        ({ field, label, kind, beside: below }) =>
          html`<div id="key-${field}">
            <dt>${label}</dt>
            <dd class="${toneOf(field, summary[field])}">${figure(kind, summary[field], input.currency)}</dd>
            <dd class="beside">${withheld.includes(field) ? 'Withheld: the sample is too small' : below}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
};
