import type { TradingCalendar } from '../market/calendar.ts';
import { DAY_MS } from '../market/civil-date.ts';
import { SweepError } from './sweep-error.ts';
import type { WalkForwardSettings } from './sweep-settings.ts';

/** A span of bars, by their ends: after `from`, up to `to`. Epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The days in which is searched, and those after them in which the best has to prove itself. */
export interface WalkForwardWindow {
  readonly train: Span;
  readonly test: Span;
}

const MOST_WINDOWS = 1_000;
/** A last test that the end of the data cuts short counts when at least this much of it is there. */
const LEAST_OF_LAST = 0.5;

/**
 * The windows of a walk-forward over a span. A test begins where its search ends, or the embargo after that; tests
 * follow one another without overlap, and reach the end of the span unless less than half a test is left there. Edges
 * are midnights of the market's clock.
 *
 * Throws SweepError BAD_USER_INPUT that names the setting, for lengths that are none and spans too short for one window.
 */
export function walkForwardWindows(
  span: Span,
  settings: WalkForwardSettings,
  calendar: TradingCalendar,
): readonly WalkForwardWindow[] {
  requireLengths(settings);
  const { embargoDays, mode, stepDays, testDays, trainDays } = settings;
  const begin = Math.ceil(calendar.toWallClock(span.from) / DAY_MS) * DAY_MS;
  const after = (days: number): number => calendar.fromWallClock(begin + days * DAY_MS);
  const windows: WalkForwardWindow[] = [];
  for (let offset = 0; ; offset += stepDays) {
    const trained = offset + trainDays;
    const test = { from: after(trained + embargoDays), to: after(trained + embargoDays + testDays) };
    const cut = Math.min(test.to, span.to);
    if (cut - test.from < LEAST_OF_LAST * (test.to - test.from)) break;
    if (windows.length === MOST_WINDOWS) {
      throw wrong(
        'stepDays',
        `is ${String(stepDays)}, which makes more than ${String(MOST_WINDOWS)} windows`,
      );
    }
    const from = mode === 'ANCHORED' || offset === 0 ? span.from : after(offset);
    windows.push({ train: { from, to: after(trained) }, test: { from: test.from, to: cut } });
  }
  if (windows.length === 0) throw tooShort(span, settings);
  return windows;
}

const wrong = (field: string, problem: string): SweepError =>
  new SweepError('BAD_USER_INPUT', `walkForward.${field} ${problem}`, `walkForward.${field}`);

function requireLengths({ embargoDays, stepDays, testDays, trainDays }: WalkForwardSettings): void {
  for (const [field, days, least] of [
    ['trainDays', trainDays, 1],
    ['testDays', testDays, 1],
    ['embargoDays', embargoDays, 0],
  ] as const) {
    if (!Number.isInteger(days) || days < least) {
      throw wrong(field, `has to be whole days, ${String(least)} or more`);
    }
  }
  if (!Number.isInteger(stepDays) || stepDays < testDays) {
    throw wrong(
      'stepDays',
      `is ${String(stepDays)}, less than the ${String(testDays)} of a test: days would be tested twice`,
    );
  }
}

function tooShort({ from, to }: Span, { embargoDays, testDays, trainDays }: WalkForwardSettings): SweepError {
  const days = Math.floor((to - from) / DAY_MS);
  const needed = trainDays + embargoDays + Math.ceil(testDays * LEAST_OF_LAST);
  return wrong(
    'trainDays',
    `is ${String(trainDays)}: one window takes ${String(needed)} days at least, and there are ${String(days)}`,
  );
}
