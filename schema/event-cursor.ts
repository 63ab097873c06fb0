import { apiError } from './errors/api-error.ts';

/**
 * A place in an account's journal, as clients keep it. `incarnation` names the history: a database
 * restored from a backup gets another, so that a cursor of events that no longer exist is refused
 * instead of skipping their successors.
 */
export interface EventCursor {
  readonly incarnation: string;
  readonly accountId: string;
  readonly seq: number;
}

const SEPARATOR = '/';

/** Opaque to clients; base64url. */
export function encodeEventCursor({ incarnation, accountId, seq }: EventCursor): string {
  return Buffer.from([incarnation, accountId, String(seq)].join(SEPARATOR), 'utf8').toString('base64url');
}

/** The sequence of a cursor of this history and account. Throws CURSOR_INVALID for any other. */
export function decodeEventCursor(
  text: string,
  incarnation: string,
  accountId: string,
  field = 'after',
): number {
  const parts = text.length > 500 ? [] : Buffer.from(text, 'base64url').toString('utf8').split(SEPARATOR);
  const [ownIncarnation, ownAccount, digits, ...rest] = parts;
  const seq = /^(0|[1-9][0-9]{0,14})$/.test(digits ?? '') ? Number(digits) : null;
  if (seq === null || rest.length > 0 || ownIncarnation !== incarnation || ownAccount !== accountId) {
    throw apiError(
      'CURSOR_INVALID',
      'The cursor is not one of this account and history: read the orders anew, then subscribe without it.',
      { field },
    );
  }
  return seq;
}
