import type { TimeFormat } from './config.ts';
import { detectFormat, type ReadTime, timeReader } from './times.ts';
import type { Zone } from './zone.ts';

/** Digits of an epoch that are a fraction of a millisecond. */
const FRACTION_DIGITS: Partial<Record<TimeFormat, number>> = {
  'epoch-milliseconds': 0,
  'epoch-microseconds': 3,
  'epoch-nanoseconds': 6,
};

const EPOCH = /^(\d{1,19})(?:\.(\d{1,9}))?$/;

/** As detectFormat, also for epochs that have a fraction. */
export const detectTickFormat = (text: string, hasDate: boolean): TimeFormat | undefined =>
  detectFormat(text.replace(/^(\d{9,})\.\d+$/, '$1'), hasDate);

/**
 * As timeReader, but what is finer than a millisecond is kept as its fraction, so that ticks of one millisecond keep
 * their order beside those of other series.
 */
export function tickTimeReader(format: TimeFormat, zone: Zone): ReadTime {
  if (format === 'epoch-seconds') {
    return readEpoch((whole, fraction) => {
      const digits = fraction.padEnd(3, '0');
      return Number(whole) * 1_000 + Number(digits.slice(0, 3)) + fractionOf(digits.slice(3));
    });
  }
  const digits = FRACTION_DIGITS[format];
  if (digits !== undefined) {
    return readEpoch((whole, fraction) => {
      const at = Math.max(0, whole.length - digits);
      return Number(whole.slice(0, at)) + fractionOf(whole.slice(at).padStart(digits, '0') + fraction);
    });
  }
  const read = timeReader(format, zone);
  return (text, date) => {
    const [, fine] = /\.\d{3}(\d{1,6})/.exec(text) ?? [];
    if (fine === undefined) return read(text, date);
    const at = read(text.replace(/(\.\d{3})\d+/, '$1'), date);
    return at === undefined ? undefined : at + fractionOf(fine);
  };
}

function readEpoch(combine: (whole: string, fraction: string) => number): ReadTime {
  return (text) => {
    const match = EPOCH.exec(text);
    return match === null ? undefined : combine(match[1] ?? '', match[2] ?? '');
  };
}

const fractionOf = (digits: string): number => (digits === '' ? 0 : Number(`0.${digits}`));
