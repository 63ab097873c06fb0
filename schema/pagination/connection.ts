import type { Page } from '../../core/ports/order-reader.ts';
import { badInput } from '../errors/api-error.ts';
import type { PageInfo } from './page-info.type.ts';

const MAX_FIRST = 500;

/** Throws BAD_USER_INPUT unless `first` is 1 to 500. */
export function pageSize(first: number): number {
  if (first >= 1 && first <= MAX_FIRST) return first;
  throw badInput(`first is ${String(first)}: give 1 to ${String(MAX_FIRST)}.`, 'first');
}

export interface Connection<T> {
  readonly nodes: T[];
  readonly pageInfo: PageInfo;
}

export function toConnection<R, T>(
  page: Page<R>,
  toNode: (item: R) => T,
  cursorOf: (item: R) => string,
): Connection<T> {
  const last = page.items.at(-1);
  return {
    nodes: page.items.map(toNode),
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: last === undefined ? null : cursorOf(last) },
  };
}
