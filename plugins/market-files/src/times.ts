import type { TimeFormat } from './config.ts';
import type { Zone } from './zone.ts';

/** Reads times of one form: epoch ms, or undefined for what is none. */
export type ReadTime = (text: string, date: string | null) => number | undefined;

const DAY = 86_400_000;
const WHOLE = /^\d{1,19}$/;
const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;
const TIME_OF_DAY = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;

const UNITS: Partial<Record<TimeFormat, number>> = {
  'epoch-seconds': 1_000,
  'epoch-milliseconds': 1,
  'epoch-microseconds': 1e-3,
  'epoch-nanoseconds': 1e-6,
};

/** Ms of a unit; undefined for forms that are no epoch. */
export const epochUnit = (format: TimeFormat): number | undefined => UNITS[format];

/**
 * What `auto` stands for, by the first time of a file. A number is a time of day where there is a date beside
 * it, a day where it can be 19000101 to 21991231, else an epoch by its size. Undefined for what it cannot tell.
 */
export function detectFormat(text: string, hasDate: boolean): TimeFormat | undefined {
  if (WHOLE.test(text)) {
    if (hasDate) return 'milliseconds-of-day';
    if (/^(19|20|21)\d{6}$/.test(text)) return 'text';
    const value = Number(text);
    if (value < 1e11) return 'epoch-seconds';
    if (value < 1e14) return 'epoch-milliseconds';
    return value < 1e17 ? 'epoch-microseconds' : 'epoch-nanoseconds';
  }
  if (/^\d+\.\d+$/.test(text)) return 'epoch-seconds';
  return ISO.test(text) || TIME_OF_DAY.test(text) ? 'text' : undefined;
}

/** How times of a form are read; those without an offset are on the wall clock of the zone. */
export function timeReader(format: TimeFormat, zone: Zone): ReadTime {
  const unit = epochUnit(format);
  if (unit !== undefined) return (text) => readEpoch(text, unit);
  const wallOf = (wall: number | undefined): number | undefined =>
    wall === undefined ? undefined : zone.fromWall(wall);
  switch (format) {
    case 'milliseconds-of-day':
      return (text, date) => wallOf(onDay(WHOLE.test(text) ? Number(text) : undefined, date));
    case 'month-first':
      return (text) => wallOf(readSlashed(text, 1, 2));
    case 'day-first':
      return (text) => wallOf(readSlashed(text, 2, 1));
    default:
      return (text, date) => {
        const time = TIME_OF_DAY.exec(text);
        if (time !== null) return wallOf(onDay(timeOfDay(time, 1), date));
        const match = ISO.exec(text);
        const wall = match === null ? undefined : wallTime(match, 1, 2, 3, 4);
        const offset = match?.[8];
        return wall === undefined || offset === undefined ? wallOf(wall) : wall - offsetMs(offset);
      };
  }
}

function readEpoch(text: string, unit: number): number | undefined {
  if (unit < 1 && WHOLE.test(text)) return Number(BigInt(text) / BigInt(Math.round(1 / unit)));
  if (!/^\d{1,19}(\.\d{1,9})?$/.test(text)) return undefined;
  return Math.floor(Number(text) * unit + 1e-6);
}

function onDay(ms: number | undefined, date: string | null): number | undefined {
  const match = ISO.exec(date ?? '');
  const day = match === null || match[4] !== undefined ? undefined : wallTime(match, 1, 2, 3, 4);
  return ms === undefined || day === undefined || ms >= DAY ? undefined : day + ms;
}

const readSlashed = (text: string, month: number, day: number): number | undefined => {
  const match = SLASHED.exec(text);
  return match === null ? undefined : wallTime(match, 3, month, day, 4);
};

/** Groups of a match as a wall clock; undefined for the 30th of February. */
function wallTime(
  match: RegExpExecArray,
  year: number,
  month: number,
  day: number,
  time: number,
): number | undefined {
  const [y, m, d] = [Number(match[year]), Number(match[month]) - 1, Number(match[day])];
  const at = Date.UTC(y, m, d);
  const read = new Date(at);
  const ms = timeOfDay(match, time);
  return ms === undefined || read.getUTCMonth() !== m || read.getUTCDate() !== d ? undefined : at + ms;
}

function timeOfDay(match: RegExpExecArray, first: number): number | undefined {
  const [hour, minute, second] = [0, 1, 2].map((index) => Number(match[first + index] ?? 0));
  const fraction = Math.floor(Number(`0.${match[first + 3] ?? '0'}`) * 1_000 + 1e-6);
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  const isTime = hour < 24 && minute < 60 && second < 60;
  return isTime ? ((hour * 60 + minute) * 60 + second) * 1_000 + fraction : undefined;
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.replace(/[^\d]/g, '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
