import { calendarOf } from '../../../core/market/calendars.ts';
import type { RankedTrial, SearchResult } from '../../../core/sweeps/sweep-result.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import type { SweepOutcome } from '../../sweeps/local/run-sweep.ts';
import { durationText } from '../backtest/progress-line.ts';
import { valuesOf } from './parameter-cells.ts';
import { figureText, percentText, ratioText, textTable } from './text-table.ts';
import { walkForwardLines } from './walk-forward-table.ts';

const BEST = 10;
const MOST_FAILURES = 5;

/** What a sweep came to, for a terminal. */
export function sweepTables(
  settings: SweepSettings,
  { evaluations, result }: SweepOutcome,
  elapsedMs: number,
  workers: number,
): string {
  const { backtest, objective, tuner } = settings;
  const { interval, strategy, symbols } = backtest;
  const pace = ((evaluations.size * 1_000) / Math.max(1, elapsedMs)).toFixed(1);
  const { search, walkForward } = result;
  return [
    `${strategy} on ${symbols.slice(0, 8).join(', ')}${symbols.length > 8 ? ' …' : ''}, ${interval}, ${periodText(settings)}`,
    `${String(evaluations.size)} runs by ${tuner.id} for the ${objective.direction === 'MAXIMIZE' ? 'highest' : 'lowest'} ` +
      `${objective.figure}, in ${durationText(elapsedMs)} with ${String(workers)} worker${workers === 1 ? '' : 's'} (${pace}/s)`,
    '',
    ...(search === null ? [] : searchLines(settings, search)),
    ...(walkForward === null ? [] : walkForwardLines(settings, walkForward)),
    '',
  ].join('\n');
}

function periodText({ backtest }: SweepSettings): string {
  const calendar = calendarOf(backtest.calendar);
  return `${calendar.tradingDay(backtest.from)} to ${calendar.tradingDay(backtest.to - 1)}`;
}

function searchLines(settings: SweepSettings, search: SearchResult): readonly string[] {
  const { objective, space } = settings;
  const names = space.dimensions.map(({ name }) => name);
  const best = search.ranking.slice(0, BEST);
  if (best.length === 0) return ['  no parameter set has a score', ...failureLines(search)];
  const isSharpe = objective.figure === 'sharpe';
  const rows = best.map(({ objective: value, parameters, performance, rank }) => [
    String(rank),
    ...valuesOf(space, parameters),
    ...(isSharpe ? [] : [figureText(value)]),
    ...[ratioText(performance.sharpe), percentText(performance.cagr), percentText(performance.maxDrawdown)],
    ...[percentText(performance.volatility), String(performance.trades), percentText(performance.winRate)],
  ]);
  const figures = ['Sharpe', 'CAGR', 'drawdown', 'volatility', 'trades', 'won'];
  return [
    ...textTable(['', ...names, ...(isSharpe ? [] : [objective.figure]), ...figures], rows),
    '',
    ...trustLines(search, best[0]),
    ...failureLines(search),
  ];
}

/** How far the best may be believed. */
function trustLines(search: SearchResult, best: RankedTrial | undefined): readonly string[] {
  const { deflatedSharpe: deflated, importance, overfitting } = search;
  const sharpe =
    deflated === null
      ? 'not defined: it takes two parameter sets with a Sharpe ratio, and a best one'
      : `${percentText(deflated.probability)} that the best is more than luck, which gives ` +
        `${ratioText(deflated.luck)} with ${String(deflated.trials)} parameter sets`;
  const fit =
    overfitting === null
      ? 'not defined: it takes two parameter sets and ten days'
      : `${percentText(overfitting.probability)} that the best of one half of the time is below the middle in the other ` +
        `(${String(overfitting.parameterSets)} sets, ${String(overfitting.days)} days, ${String(overfitting.blocks)} blocks)`;
  const shares = importance.map(({ name, share }) => `${name} ${percentText(share)}`).join(', ');
  return [
    `  Deflated Sharpe ratio       ${sharpe}`,
    `  Overfitting (PBO)           ${fit}`,
    `  What a parameter explains   ${shares}`,
    ...(best === undefined ? [] : [`  Hash of the best            ${best.resultHash ?? '–'}`]),
  ];
}

function failureLines({ failed, failures }: SearchResult): readonly string[] {
  if (failed === 0) return [];
  const most = Object.entries(failures)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_FAILURES);
  return [
    `  Without a score             ${String(failed)}: ${most.map(([code, count]) => `${code} ${String(count)}`).join(', ')}`,
  ];
}
