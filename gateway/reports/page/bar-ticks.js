/**
 * Ticks of an axis on which bars stand side by side, so that nights and weekends take no room: at the first
 * bar of each hour, day, month or year.
 */

const HOUR = 3_600;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

const inSpans = (length) => (seconds) => Math.floor(seconds / length);
const inMonths = (count) => (seconds) => {
  const date = new Date(seconds * 1_000);
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / count);
};

/** From fine to coarse: `of` numbers the unit of a time. */
const UNITS = [
  ...[1, 2, 4].map((hours) => ({ step: hours * HOUR, of: inSpans(hours * HOUR) })),
  ...[1, 2, 7, 14].map((days) => ({ step: days * DAY, of: inSpans(days * DAY) })),
  ...[1, 3, 6].map((months) => ({ step: months * MONTH, of: inMonths(months) })),
  ...[1, 2, 5, 10, 20, 50].map((years) => ({ step: years * YEAR, of: inMonths(12 * years) })),
];

function firstsOf(seconds, from, to, unit) {
  const bars = [];
  for (let bar = from; bar <= to; bar += 1) {
    const isFirst = bar === 0 ? false : unit.of(seconds[bar]) !== unit.of(seconds[bar - 1]);
    if (isFirst) bars.push(bar);
  }
  return bars;
}

/** At most `most` ticks between two bars, and how far they lie apart in seconds. */
export function ticksOfBars(seconds, min, max, most) {
  const from = Math.max(0, Math.ceil(min));
  const to = Math.min(seconds.length - 1, Math.floor(max));
  for (const unit of UNITS) {
    const bars = firstsOf(seconds, from, to, unit);
    if (bars.length > 0 && bars.length <= most) return { bars, step: unit.step };
  }
  return { bars: from <= to ? [from] : [], step: DAY };
}
