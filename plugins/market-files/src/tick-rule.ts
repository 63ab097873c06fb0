import type { TickCells } from './tick-cells.ts';

/** Takes a row in the order of STORED_COLUMNS. */
export type TakeTick = (values: readonly number[]) => void;

/** What rows of one series have to be like, each after those before it. */
export interface TickRules {
  /**
   * Checks the row that the cells are at, and hands on what it is stored as: one row, several or none. Throws FeedError
   * DATA_INVALID with row, column and value.
   */
  read(cells: TickCells, at: number, take: TakeTick): void;
}

export interface TickRulesOptions {
  readonly symbol: string;
  /** Called for messages that are missing, which are an error without it. */
  readonly onGap: ((problem: string) => void) | null;
}

/** The side of a book, or of who took: 1 for buyers, -1 for sellers; undefined for what is neither. */
export function sideOf(text: string): 1 | -1 | undefined {
  switch (text.toLowerCase()) {
    case 'buy':
    case 'b':
    case 'bid':
    case '1':
    case '+1':
      return 1;
    case 'sell':
    case 's':
    case 'ask':
    case 'a':
    case 'offer':
    case '-1':
      return -1;
    default:
      return undefined;
  }
}

/** Undefined for what is neither true nor false. */
export function truthOf(text: string): boolean | undefined {
  const small = text.toLowerCase();
  if (['true', 't', '1', 'yes'].includes(small)) return true;
  return ['false', 'f', '0', 'no', ''].includes(small) ? false : undefined;
}
