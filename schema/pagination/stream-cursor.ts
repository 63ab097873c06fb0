import { apiError } from '../errors/api-error.ts';
import { cursorFormat } from './cursor.ts';

/** Where a consumer of an account's journal stands. */
export interface StreamCursors {
  encode(accountId: string, seq: number): string;
  /**
   * The sequence after which to go on. Throws CURSOR_INVALID for a cursor of another account or of another
   * history (a restored database), BAD_USER_INPUT for what is none.
   */
  decode(accountId: string, cursor: string): number;
}

const FORMAT = cursorFormat<[incarnation: string, accountId: string, seq: number]>('journal', [
  'string',
  'string',
  'number',
]);

/** `incarnation` names the history that the database holds; restoring a backup changes it. */
export function createStreamCursors(incarnation: string): StreamCursors {
  return {
    encode: (accountId, seq) => FORMAT.encode(incarnation, accountId, seq),
    decode(accountId, cursor) {
      const [history, account, seq] = FORMAT.decode(cursor);
      if (history === incarnation && account === accountId) return seq;
      throw apiError(
        'CURSOR_INVALID',
        account === accountId
          ? 'The cursor is of another history of this gateway: read anew what you need, and subscribe without it.'
          : 'The cursor is of another account.',
        { field: 'after' },
      );
    },
  };
}
