import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { csvOf } from '../../../../gateway/reports/csv.ts';

const cellOf = (value: string | number | null): string =>
  csvOf({ columns: ['x'], rows: [[value]] }).slice(3, -2);

/** RFC 4180 as a reader has it. */
const parse = (text: string): string[][] => {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] !== ',') rows.push([]);
    if (field.lastIndex === text.length) break;
  }
  return rows.slice(0, -1);
};

describe('csvOf', () => {
  it('writes a header and lines that end with CRLF, null as an empty field', () => {
    expect(
      csvOf({
        columns: ['a', 'b'],
        rows: [
          [1.5, null],
          ['x', '-2.50'],
        ],
      }),
    ).toBe('a,b\r\n1.5,\r\nx,-2.50\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['a;b', '"a;b"'],
  ])('quotes %j', (text, written) => {
    expect(cellOf(text)).toBe(written);
  });

  it.each(['=1+1', '+cmd|x', '-1+1', '@SUM(A1)', ' =1', '\t=1', '\uff1d1+1', '=HYPERLINK("http://x","y")'])(
    'makes %j a text',
    (text) => {
      expect(parse(`${cellOf(text)}\r\n`)[0]![0]).toBe(`'${text}`);
    },
  );

  it.each([
    ['-12.5', '-12.5'],
    [-12.5, '-12.5'],
    [1e21, '1e+21'],
    ['2024-03-05', '2024-03-05'],
  ])('leaves the number or day %j as it is', (value, written) => {
    expect(cellOf(value)).toBe(written);
  });

  it('reads back as it was written, whatever stands in the cells', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"', '","', '\r\n', 'a"b', ';', ' x '),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
        const read = parse(csvOf({ columns: ['a', 'b', 'c'], rows })).slice(1);
        // An apostrophe in front is all that may be new.
        expect(
          read.map((row, at) =>
            row.map((text, column) => (text === `'${rows[at]![column]!}` ? text.slice(1) : text)),
          ),
        ).toEqual(rows);
        for (const text of read.flat()) expect(text).not.toMatch(/^[=+@]/);
      }),
    );
  });
});
