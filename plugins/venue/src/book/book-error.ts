/**
 * - `QUANTITY_OVERFLOW`: a side would hold more lots than {@link MAX_SIDE_LOTS}.
 * - `INVALID_VALUE`: a price, quantity or id is no safe integer, or not in its range.
 * - `UNKNOWN_ORDER`, `DUPLICATE_ORDER`, `OVER_EXECUTED`: a message of a feed does not fit the book.
 * - `SEQUENCE_GAP`: messages of a feed are missing; take a new snapshot.
 * - `WRONG_PHASE`: an auction's call has begun already, or has not.
 * - `NO_SNAPSHOT`: a difference came before any snapshot.
 */
export type BookErrorCode =
  | 'QUANTITY_OVERFLOW'
  | 'INVALID_VALUE'
  | 'UNKNOWN_ORDER'
  | 'DUPLICATE_ORDER'
  | 'OVER_EXECUTED'
  | 'SEQUENCE_GAP'
  | 'WRONG_PHASE'
  | 'NO_SNAPSHOT';

/** Why a book refused something; the book is as it was before. */
export class BookError extends Error {
  readonly code: BookErrorCode;

  constructor(code: BookErrorCode, message: string) {
    super(message);
    this.name = 'BookError';
    this.code = code;
  }
}

/** The most lots that one side of a book may hold: sums of both sides stay exact in a double. */
export const MAX_SIDE_LOTS = 2 ** 52;

/** Throws `INVALID_VALUE` unless the value is a safe integer of at least `least`. */
export function checkWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const range = least === Number.MIN_SAFE_INTEGER ? 'a safe integer' : `a safe integer of at least ${least}`;
  throw new BookError('INVALID_VALUE', `${name} has to be ${range}, not ${value}`);
}
