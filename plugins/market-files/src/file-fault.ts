import { basename } from 'node:path';

import { FeedError } from '@omniquant/plugin-sdk';

/** Where in a file something is wrong. Rows are those of data, counted from 1; the header is none. */
export interface Place {
  readonly row?: number;
  readonly column?: string | undefined;
  readonly value?: string;
}

/** A file that cannot be used as it is, and where: nothing of it is used then. */
export function fileFault(
  path: string,
  problem: string,
  place: Place = {},
  options?: ErrorOptions,
): FeedError {
  const { column, row, value } = place;
  const where = [
    `file ${basename(path)}`,
    ...(row === undefined ? [] : [`row ${String(row)}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(', ');
  const what = value === undefined ? '' : `${JSON.stringify(value.slice(0, 80))} `;
  return new FeedError('DATA_INVALID', `${where}: ${what}${problem}`, options);
}

export const configFault = (setting: string, problem: string, options?: ErrorOptions): FeedError =>
  new FeedError('CONFIG_INVALID', `${setting}: ${problem}`, options);
