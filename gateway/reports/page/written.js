const MINUS = '\u2212';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const DAY_SECONDS = 86_400;

/** Grouped, with a real minus sign. */
function number(value, digits) {
  return value
    .toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace('-', MINUS)
    .replace(/^\u2212([0.]+)$/, '$1');
}

const signed = (text, value) => (value > 0 && /[1-9]/.test(text) ? `+${text}` : text);

/** A value of each kind of chart with as many decimals as are asked for. */
const WRITERS = {
  GROWTH: (value, digits) => signed(`${number((value - 1) * 100, digits)}%`, value - 1),
  PERCENT: (value, digits) => `${number(value * 100, digits)}%`,
  RATIO: number,
  PRICE: number,
  COUNT: number,
};
const USUAL_DIGITS = { GROWTH: 2, PERCENT: 2, RATIO: 2, PRICE: 2, COUNT: 0 };

export function written(kind, value) {
  const small = kind === 'PRICE' && value !== 0 && Math.abs(value) < 10;
  return WRITERS[kind](value, small ? 5 : USUAL_DIGITS[kind]);
}

/** Labels of an axis whose ticks lie `step` apart: no more decimals than tell them apart. */
export function ticksWritten(kind, values, step) {
  const scale = kind === 'GROWTH' || kind === 'PERCENT' ? step * 100 : step;
  const digits = Math.max(0, Math.min(8, Math.ceil(-Math.log10(scale) - 1e-9)));
  return values.map((value) => (value === null ? '' : WRITERS[kind](value, digits)));
}

export function dayWritten(seconds) {
  const date = new Date(seconds * 1_000);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

export function instantWritten(seconds) {
  const clock = new Date(seconds * 1_000).toISOString().slice(11, 16);
  return clock === '00:00' ? dayWritten(seconds) : `${dayWritten(seconds)}, ${clock}`;
}

/** Short dates for ticks `step` seconds apart; the year stands where it begins. */
export function datesWritten(seconds, step) {
  let year = null;
  let day = null;
  return seconds.map((at) => {
    if (at === null) return '';
    const date = new Date(at * 1_000);
    const [month, ofMonth] = [MONTHS[date.getUTCMonth()], date.getUTCDate()];
    const newYear = date.getUTCFullYear() !== year;
    year = date.getUTCFullYear();
    if (step >= 360 * DAY_SECONDS) return String(year);
    if (step >= 27 * DAY_SECONDS) return newYear ? `${month} ${year}` : month;
    if (step >= DAY_SECONDS) return newYear ? `${ofMonth} ${month} ${year}` : `${ofMonth} ${month}`;
    const newDay = ofMonth !== day;
    day = ofMonth;
    const clock = date.toISOString().slice(11, 16);
    return newDay ? `${ofMonth} ${month} ${clock}` : clock;
  });
}
