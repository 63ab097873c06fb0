import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { describe, it } from '@jest/globals';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** Market data that is not part of the repository: it may be tested against, but not published. */
const sharedFolder = fromRoot('../shared/data');

/** A block that needs the data beside the repository; without it the report shows why it was skipped. */
export const describeRecorded = (title: string, tests: () => void): void => {
  if (existsSync(sharedFolder)) describe(title, tests);
  // The block itself would read the data even when skipped.
  else describe(title, () => it.skip('needs ../shared/data, which is not there', () => undefined));
};

const rowsOf = (text: string): string[][] =>
  text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));

/** The rows of a CSV file of the shared data, without its header. */
export const sharedRows = (name: string): string[][] => {
  const bytes = readFileSync(`${sharedFolder}/${name}`);
  return rowsOf((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
};

/** The rows of a CSV file of an installed package, without its header. */
export const packageRows = (path: string): string[][] =>
  rowsOf(readFileSync(fromRoot(`node_modules/${path}`), 'utf8'));

/** A row's column as text; a row that is too short is a mistake in the test. */
export const column = (row: readonly string[], index: number): string => {
  const value = row[index];
  if (value === undefined) throw new Error(`row ${row.join(',')} has no column ${String(index)}`);
  return value;
};
