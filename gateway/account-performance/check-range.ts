import type { PerformanceRange } from '../../schema/account/performance-service.ts';
import { badInput } from '../../schema/errors/api-error.ts';

/** Where calendars begin and end. */
const EARLIEST = Date.UTC(1900, 0, 2);
const LATEST = Date.UTC(9999, 11, 30);
const LONGEST_SYMBOL = 80;

/** Throws BAD_USER_INPUT naming the argument. `now` is market time. */
export function checkRange({ benchmark, from, to }: PerformanceRange, now: number): void {
  for (const [field, at] of [['from', from] as const, ['to', to] as const]) {
    if (at === null || (at >= EARLIEST && at <= LATEST)) continue;
    throw badInput(`${field} is an instant of the years 1900 to 9999.`, field);
  }
  if (from !== null && to !== null && from >= to) {
    throw badInput('from is not before to: there is nothing in between.', 'from');
  }
  if (from !== null && now > 0 && from > now) {
    const today = new Date(now).toISOString();
    throw badInput(`from is later than the market, where it is ${today} now.`, 'from');
  }
  if (benchmark !== null && (benchmark === '' || benchmark.length > LONGEST_SYMBOL)) {
    throw badInput('benchmark is a symbol, such as SPX.', 'benchmark');
  }
}
