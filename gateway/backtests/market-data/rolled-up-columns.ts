import type { BarInterval } from '@omniquant/plugin-sdk';

import type { BarColumns, BarRow } from '../../../core/backtest/bar-source.ts';
import { columnsOf } from '../../../core/backtest/bar-source.ts';
import { type BarSpan, barSpan } from '../../../core/market/bar-interval.ts';
import type { TradingCalendar } from '../../../core/market/calendar.ts';
import type { BarRange } from './market-data-source.ts';

export interface RollUp {
  readonly from: BarInterval;
  readonly to: BarInterval;
  readonly calendar: TradingCalendar;
  /** Starts of the coarse bars. */
  readonly range: BarRange;
}

/** Longer than any bar, so that whole coarse bars are made of what is read. */
const MARGIN_MS = 14 * 86_400_000;

/** What finer bars have to be read for coarse ones that begin in a range. */
export const widened = ({ from, to }: BarRange): BarRange => ({
  from: from === null ? null : from - MARGIN_MS,
  to: to === null ? null : to + MARGIN_MS,
});

type Gathered = { -readonly [K in keyof BarRow]: number };

/** Coarse bars of one block: memory for years of minutes in days is small either way. */
const BLOCK = 16_384;

/**
 * Coarser bars of finer ones, with the spans of core/market. The last is left out while bars of it may still be missing,
 * as a strategy is given closed bars only: without its last minutes a day counts when the regular session was over.
 */
export async function* rolledUpColumns(
  blocks: AsyncIterable<BarColumns>,
  { calendar, from, range, to }: RollUp,
): AsyncGenerator<BarColumns> {
  let ready: BarRow[] = [];
  let span: BarSpan = { start: NaN, end: NaN };
  let bar: Gathered | null = null;
  let last = NaN;
  const finish = (): void => {
    if (bar !== null && isWithin(bar.at, range)) ready.push({ ...bar });
  };
  for await (const block of blocks) {
    for (let index = 0; index < block.at.length; index += 1) {
      const row = rowAt(block, index);
      // Asking the calendar costs more than all the rest. What is outside all sessions can be before its label.
      const isIn = row.at >= span.start && row.at < span.end;
      const own = isIn ? span : barSpan(row.at, to, calendar);
      if (bar !== null && own.start === span.start) join(bar, row);
      else {
        finish();
        span = own;
        bar = { ...row, at: span.start };
      }
      last = row.at;
    }
    if (ready.length >= BLOCK) {
      yield columnsOf(ready.map(known));
      ready = [];
    }
  }
  if (bar !== null && isOver(barSpan(last, from, calendar).end, span, to, calendar)) finish();
  if (ready.length > 0) yield columnsOf(ready.map(known));
}

const known = (row: BarRow): BarRow => (Number.isNaN(row.volume) ? { ...row, volume: null } : row);

const isWithin = (at: number, { from, to }: BarRange): boolean => at >= (from ?? at) && at < (to ?? Infinity);

function isOver(reached: number, { end }: BarSpan, to: BarInterval, calendar: TradingCalendar): boolean {
  if (reached >= end) return true;
  const isOfDays = to === 'DAY_1' || to === 'WEEK_1';
  return isOfDays && calendar.nextClose(reached) > end;
}

function rowAt(block: BarColumns, index: number): Gathered {
  return {
    at: block.at[index] ?? NaN,
    open: block.open[index] ?? NaN,
    high: block.high[index] ?? NaN,
    low: block.low[index] ?? NaN,
    close: block.close[index] ?? NaN,
    volume: block.volume[index] ?? NaN,
  };
}

/** A volume that is unknown in part is unknown. */
function join(bar: Gathered, row: Gathered): void {
  bar.high = Math.max(bar.high, row.high);
  bar.low = Math.min(bar.low, row.low);
  bar.close = row.close;
  bar.volume += row.volume;
}
