import { type Fixed, formatDecimal, parseDecimal, roundToStep } from '@omniquant/plugin-sdk/decimal';

const MINUS = '\u2212';
/** Stands where a figure is undefined. */
export const UNDEFINED = '\u2013';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** "-1234.5" as "−1,234.5"; what rounds to nothing has no sign. */
const typeset = (text: string): string => {
  const [whole, fraction] = text.replace('-', '').split('.');
  const size = fraction === undefined ? grouped(whole!) : `${grouped(whole!)}.${fraction}`;
  return text.startsWith('-') && /[1-9]/.test(text) ? MINUS + size : size;
};

/** Rounded to `digits` decimals, or to two significant digits where those would show nothing but zeros. */
export const formatNumber = (value: number, digits: number): string => {
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits) {
    return Math.abs(value) < 1e-6
      ? value.toExponential(1).replace('-', MINUS)
      : typeset(String(Number(value.toPrecision(2))));
  }
  return Math.abs(value) >= 1e15 ? value.toExponential(3) : typeset(value.toFixed(digits));
};

/** With as many decimals as are asked for, whatever that leaves of the figure. */
export const formatFixed = (value: number, digits: number): string => typeset(value.toFixed(digits));

export const formatPercent = (fraction: number, digits = 2): string =>
  `${formatNumber(fraction * 100, digits)}%`;

const withSign = (text: string, value: number | bigint): string => (value > 0 ? `+${text}` : text);

export const formatSignedPercent = (fraction: number, digits = 2): string =>
  withSign(formatPercent(fraction, digits), fraction);

export const formatCount = (value: number): string => typeset(String(Math.round(value)));

/** "1 closed trade", "2,518 closed trades". */
export const counted = (count: number, one: string): string =>
  `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;

const ISO_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** As many as the currency has in use; of others, such as BTC, enough to see small amounts. */
const moneyDigits = (size: Fixed, currency: string): number => {
  if (ISO_CURRENCIES.has(currency)) {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2
    );
  }
  return size >= parseDecimal('1000') ? 2 : 8;
};

const roundTo = (amount: Fixed, digits: number): Fixed =>
  roundToStep(amount, 10n ** BigInt(18 - digits), 'half-even');

/** "1234.5" of "1234.50" where that many decimals are wanted, however many there are. */
const padded = (text: string, digits: number): string => {
  const [whole, fraction = ''] = text.split('.');
  return digits === 0 ? whole! : `${whole!}.${fraction.padEnd(digits, '0')}`;
};

/** Without the currency's name: rounded half-even for the eye, the exact amount is in the files. */
export const formatMoney = (amount: Fixed, currency: string): string => {
  const digits = moneyDigits(amount < 0n ? -amount : amount, currency);
  const text = formatDecimal(roundTo(amount, digits));
  return typeset(ISO_CURRENCIES.has(currency) || digits === 2 ? padded(text, digits) : text);
};

/** A price or quantity: at most eight decimals, none that are zero; prices have at least two. */
export const formatPrice = (price: Fixed): string => {
  const text = formatDecimal(roundTo(price, 8));
  return typeset(text.includes('.') ? padded(text, 2) : `${text}.00`);
};

export const formatQuantity = (quantity: Fixed): string => typeset(formatDecimal(roundTo(quantity, 8)));

/** Each with the one that stands behind it. */
const UNITS = [
  ['d', 86_400, 'h', 3_600],
  ['h', 3_600, 'min', 60],
  ['min', 60, 's', 1],
] as const;

/** The two largest units: "3 d 4 h". */
export const formatDuration = (seconds: number): string => {
  for (const [unit, size, smaller, ofSmaller] of UNITS) {
    // Rounded before it is split: 59.9 minutes are an hour, not sixty minutes.
    const count = Math.round(seconds / ofSmaller);
    const inOne = size / ofSmaller;
    if (count < inOne) continue;
    const rest = count % inOne;
    return `${grouped(String(Math.floor(count / inOne)))} ${unit}${rest === 0 ? '' : ` ${rest} ${smaller}`}`;
  }
  return `${formatNumber(seconds, 0)} s`;
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const MONTH_NAMES: readonly string[] = MONTHS;

/** '2024-03-05' as "5 Mar 2024". */
export const formatDay = (day: string): string => {
  const [year, month, date] = day.split('-');
  return `${Number(date)} ${MONTHS[Number(month) - 1]!} ${year!}`;
};

/** In UTC, to the minute. */
export const formatInstant = (at: number): string => {
  const iso = new Date(at).toISOString();
  return `${formatDay(iso.slice(0, 10))}, ${iso.slice(11, 16)}`;
};

/** Days as a reader's period: "2 Jan 2013 – 30 Dec 2022". */
export const periodOf = (firstDay: string | null, lastDay: string | null): string =>
  firstDay === null || lastDay === null
    ? 'No trading day yet'
    : firstDay === lastDay
      ? formatDay(firstDay)
      : `${formatDay(firstDay)} – ${formatDay(lastDay)}`;
