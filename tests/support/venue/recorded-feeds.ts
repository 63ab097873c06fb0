import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { describe, it } from '@jest/globals';

const FOLDER = new URL('../../../../shared/data/', import.meta.url);

/** A block that needs feeds beside the repository; where they are not, the report says why it was skipped. */
export function describeFeeds(title: string, tests: () => void): void {
  if (existsSync(FOLDER)) describe(title, tests);
  else describe(title, () => it.skip('needs ../shared/data, which is not there', () => undefined));
}

/** The messages of a recorded feed: what is JSON behind each line's time. Other lines are left out. */
export function feedMessages(name: string, behindTime: string): unknown[] {
  return gunzipSync(readFileSync(new URL(name, FOLDER)))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(behindTime);
      if (at < 0 || !/^\d/.test(line)) return [];
      return [JSON.parse(line.slice(at + behindTime.length)) as unknown];
    });
}

/** A decimal counted in its n-th decimal place; throws when it has more places that are not zero. */
export function countOf(text: string, decimals: number): number {
  const [whole = '', fraction = ''] = text.split('.');
  if (/[^0]/.test(fraction.slice(decimals))) {
    throw new RangeError(`${text} has more than ${String(decimals)} decimal places`);
  }
  const count = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (!Number.isSafeInteger(count)) throw new RangeError(`${text} has too many digits`);
  return count;
}

/** Decimal places that a text is written with. */
export const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;
