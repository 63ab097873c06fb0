import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GraphQLError } from 'graphql';

import { cursorFormat, positionAfter } from '../../../schema/pagination/cursor.ts';
import { createStreamCursors } from '../../../schema/pagination/stream-cursor.ts';

const LIST = cursorFormat<[seq: number, id: string]>('orders', ['number', 'string']);
const OTHER = cursorFormat<[seq: number, id: string]>('fills', ['number', 'string']);

function refusalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return (error as GraphQLError).extensions;
  }
}

const BAD = { code: 'BAD_USER_INPUT', field: 'after' };

describe('cursors of lists', () => {
  it('lead back to where they were made, and are made of letters, digits, - and _', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: 'grapheme' }), (seq, id) => {
        const cursor = LIST.encode(seq, id);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(LIST.decode(cursor)).toEqual([seq, id]);
        expect(refusalOf(() => OTHER.decode(cursor))).toMatchObject(BAD);
      }),
    );
  });

  it('refuse any other text as bad input', () => {
    const text = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(text, (cursor) => {
        expect(refusalOf(() => LIST.decode(cursor))).toMatchObject(BAD);
      }),
    );
  });

  it('refuse a cursor of which a letter was changed, or that leads to where it says', () => {
    const cursor = LIST.encode(12, 'an-id');
    fc.assert(
      fc.property(
        fc.nat(cursor.length - 1),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_'),
        (index, letter) => {
          const changed = cursor.slice(0, index) + letter + cursor.slice(index + 1);
          const found = refusalOf(() => LIST.decode(changed));
          expect(Array.isArray(found) ? LIST.encode(...(found as [number, string])) : found).toEqual(
            Array.isArray(found) ? changed : expect.objectContaining(BAD),
          );
        },
      ),
    );
  });

  it.each([[-1], [1.5], [2 ** 53], ['1']])('take no position %p', (seq) => {
    const cursor = Buffer.from(JSON.stringify(['orders', seq, 'x'])).toString('base64url');
    expect(refusalOf(() => LIST.decode(cursor))).toMatchObject(BAD);
  });

  it('are not asked where a list begins', () => {
    const never = (): never => {
      throw new Error('asked');
    };
    expect(positionAfter(null, never)).toBeNull();
    expect(positionAfter(undefined, never)).toBeNull();
    expect(positionAfter('', (cursor) => cursor)).toBe('');
  });
});

describe('cursors of streams', () => {
  const cursors = createStreamCursors('history-1');

  it('say where a consumer stands', () => {
    expect(cursors.decode('account', cursors.encode('account', 7))).toBe(7);
  });

  it('are invalid after a restore, and in another account', () => {
    const cursor = cursors.encode('account', 7);
    expect(refusalOf(() => createStreamCursors('history-2').decode('account', cursor))).toMatchObject({
      code: 'CURSOR_INVALID',
    });
    expect(refusalOf(() => cursors.decode('other', cursor))).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('are bad input when they are none', () => {
    expect(refusalOf(() => cursors.decode('account', 'x'))).toMatchObject(BAD);
    expect(refusalOf(() => cursors.decode('account', LIST.encode(1, 'x')))).toMatchObject(BAD);
  });
});
