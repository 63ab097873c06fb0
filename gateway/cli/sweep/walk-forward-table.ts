import type { TradingCalendar } from '../../../core/market/calendar.ts';
import { calendarOf } from '../../../core/market/calendars.ts';
import { figureOf } from '../../../core/sweeps/objective.ts';
import type { WalkForwardResult, WindowResult } from '../../../core/sweeps/sweep-result.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import type { Span } from '../../../core/sweeps/walk-forward-windows.ts';
import { valuesOf } from './parameter-cells.ts';
import { figureText, percentText, ratioText, textTable } from './text-table.ts';

/** A line for each window, and what came of the tests one after the other. */
export function walkForwardLines(
  settings: SweepSettings,
  { efficiency, outOfSample, windows }: WalkForwardResult,
): readonly string[] {
  const { figure } = settings.objective;
  const names = settings.space.dimensions.map(({ name }) => name);
  const { performance } = outOfSample;
  return [
    ...textTable(
      ['searched', 'tested', ...names, `${figure} there`, 'and then', 'PBO', 'CAGR there', 'and then'],
      windows.map((window) => row(settings, window)),
    ),
    '',
    `  The tests one after the other, ${String(outOfSample.days.length)} days`,
    `  Total return                ${percentText(performance.totalReturn)}`,
    `  Yearly return (CAGR)        ${percentText(performance.cagr)}`,
    `  Sharpe ratio                ${ratioText(performance.sharpe)}`,
    `  Largest drawdown            ${percentText(performance.maxDrawdown)}`,
    `  Closed trades               ${String(outOfSample.trades)}`,
    `  Walk-forward efficiency     ${percentText(efficiency)}`,
  ];
}

function row(settings: SweepSettings, window: WindowResult): readonly string[] {
  const { backtest, objective, space } = settings;
  const { best, outOfSample, search, test, train } = window;
  const calendar = calendarOf(backtest.calendar);
  const values = best === null ? space.dimensions.map(() => '–') : valuesOf(space, best.parameters);
  return [
    ...[spanText(train, calendar), spanText(test, calendar), ...values],
    figureText(best?.objective ?? null),
    figureText(outOfSample === null ? null : figureOf(outOfSample, objective.figure)),
    percentText(search.overfitting?.probability ?? null),
    ...[percentText(best?.performance.cagr ?? null), percentText(outOfSample?.cagr ?? null)],
  ];
}

/** Trading days: of a span that begins where one ended, the next is the first; the last one has ended by its end. */
function spanText({ from, to }: Span, calendar: TradingCalendar): string {
  const last = calendar.tradingDay(to - 1);
  const isOver = calendar.endOfDay(to - 1) <= to;
  return `${calendar.tradingDay(from + 1)} to ${isOver ? last : calendar.previousTradingDay(last)}`;
}
