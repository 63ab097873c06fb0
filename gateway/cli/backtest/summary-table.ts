import type { BacktestOrder, BacktestResult } from '../../../core/backtest/backtest-result.ts';
import { calendarOf } from '../../../core/market/calendars.ts';
import type { PerformanceSummary } from '../../../core/performance/summary.ts';
import { toldActions } from '../../backtests/told-actions.ts';
import { durationText } from './progress-line.ts';

type Field = keyof PerformanceSummary;
type Unit = 'percent' | 'ratio' | 'money' | 'count' | 'days' | 'seconds';

const ROWS: readonly (readonly [string, Field, Unit])[] = [
  ['Equity at the start', 'startEquity', 'money'],
  ['Equity at the end', 'endEquity', 'money'],
  ['Net profit', 'netProfit', 'money'],
  ['Fees', 'totalFees', 'money'],
  ['Total return', 'totalReturn', 'percent'],
  ['Yearly return (CAGR)', 'cagr', 'percent'],
  ['Volatility', 'volatility', 'percent'],
  ['Sharpe ratio', 'sharpe', 'ratio'],
  ['Probability of Sharpe > 0', 'probabilisticSharpe', 'percent'],
  ['Sortino ratio', 'sortino', 'ratio'],
  ['Calmar ratio', 'calmar', 'ratio'],
  ['Largest drawdown', 'maxDrawdown', 'percent'],
  ['Longest drawdown', 'maxDrawdownDays', 'days'],
  ['Value at risk, day, 95 %', 'valueAtRisk95', 'percent'],
  ['Expected shortfall', 'conditionalValueAtRisk95', 'percent'],
  ['Alpha', 'alpha', 'percent'],
  ['Beta', 'beta', 'ratio'],
  ['Information ratio', 'informationRatio', 'ratio'],
  ['Closed trades', 'trades', 'count'],
  ['Won', 'winRate', 'percent'],
  ['Profit factor', 'profitFactor', 'ratio'],
  ['Mean of a trade', 'expectancy', 'money'],
  ['Mean win', 'averageWin', 'money'],
  ['Mean loss', 'averageLoss', 'money'],
  ['Mean time in a trade', 'averageTradeDurationSeconds', 'seconds'],
  ['Time in the market', 'exposure', 'percent'],
  ['Turnover a year', 'turnover', 'ratio'],
];
const OF_BENCHMARK: readonly Field[] = ['alpha', 'beta', 'informationRatio'];
const MOST_REASONS = 5;
const MOST_LOGS = 10;

/** What a run came to, for a terminal: statistics, trades, what was refused, the hash. */
export function summaryTable(result: BacktestResult, elapsedMs: number): string {
  const { counts, settings } = result;
  const { baseCurrency, benchmark, interval, strategy, symbols } = settings;
  const shown = ROWS.filter(([, field]) => benchmark !== null || !OF_BENCHMARK.includes(field));
  const lines = shown.map(
    ([label, field, unit]) => [label, figure(result, field, unit, baseCurrency)] as const,
  );
  const compared = benchmark === null ? '' : ` against ${benchmark}`;
  const table = [
    ...lines,
    ['Orders', countsText(result)] as const,
    [
      'Bars',
      `${whole(counts.bars)}, ${whole(counts.warmupBars)} of the warm-up, in ${durationText(elapsedMs)}`,
    ] as const,
    ...actionsRow(result),
    ['Hash', result.resultHash] as const,
  ];
  const width = Math.max(...table.map(([label]) => label.length));
  return [
    `${strategy} on ${named(symbols)}, ${interval}, ${periodText(result)}${compared}`,
    '',
    ...table.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
    ...refusals(result.orders),
    ...logs(result),
    '',
  ].join('\n');
}

function actionsRow({ settings }: BacktestResult): readonly (readonly [string, string])[] {
  const told = toldActions(settings);
  return told === null ? [] : [['Corporate actions', told]];
}

const named = (symbols: readonly string[]): string =>
  symbols.length <= 8
    ? symbols.join(', ')
    : `${symbols.slice(0, 8).join(', ')} and ${String(symbols.length - 8)} others`;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Trading days: a day of the market ends when it is the next one in UTC. */
function periodText({ endedAt, settings, startedAt }: BacktestResult): string {
  const calendar = calendarOf(settings.calendar);
  if (startedAt === null || endedAt === null) return 'not begun';
  return `${calendar.tradingDay(startedAt)} to ${calendar.tradingDay(endedAt - 1)}`;
}

function countsText({ counts }: BacktestResult): string {
  const { denied, fills, orders, rejected } = counts;
  const refused = denied + rejected === 0 ? '' : `, ${whole(denied + rejected)} refused`;
  return `${whole(orders)}, ${counted(fills, 'fill')}${refused}`;
}

function figure(result: BacktestResult, field: Field, unit: Unit, currency: string): string {
  const value = result.performance[field];
  if (value === null) return result.withheld.includes(field) ? '– (too few days or trades)' : '–';
  if (unit === 'money') return `${money(String(value))} ${currency}`;
  const amount = Number(value);
  switch (unit) {
    case 'percent':
      return `${decimals(amount * 100)} %`;
    case 'ratio':
      return decimals(amount);
    case 'days':
      return counted(amount, 'day');
    case 'seconds':
      return durationText(amount * 1_000);
    case 'count':
      return whole(amount);
  }
}

const whole = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const counted = (value: number, one: string): string => `${whole(value)} ${one}${value === 1 ? '' : 's'}`;

/** What rounds to nothing has no sign. */
const decimals = (value: number): string => value.toFixed(2).replace(/^-(0\.00)$/, '$1');

/** An exact amount with two decimals, cut, and commas. */
function money(text: string): string {
  const [, sign = '', units = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return `${sign}${units.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals.slice(0, 2).padEnd(2, '0')}`;
}

/** Why orders were refused, the most frequent reasons first. */
function refusals(orders: readonly BacktestOrder[]): readonly string[] {
  const reasons = new Map<string, number>();
  for (const { reason, status } of orders) {
    if (status !== 'DENIED' && status !== 'REJECTED') continue;
    const text = `${status.toLowerCase()}: ${reason ?? 'no reason was given'}`;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  const most = [...reasons].sort(([, a], [, b]) => b - a).slice(0, MOST_REASONS);
  return most.length === 0 ? [] : ['', ...most.map(([text, count]) => `  ${whole(count)} x ${text}`)];
}

/** What the strategy warned of. */
function logs({ droppedLogs, logs: all }: BacktestResult): readonly string[] {
  const said = all.filter(({ level }) => level === 'WARN' || level === 'ERROR');
  if (said.length === 0) return [];
  const more = said.length - MOST_LOGS + droppedLogs;
  return [
    '',
    ...said
      .slice(0, MOST_LOGS)
      .map(({ at, data, level, message }) => `  ${day(at)} ${level} ${message} ${JSON.stringify(data)}`),
    ...(more > 0 ? [`  and ${whole(more)} others`] : []),
  ];
}
