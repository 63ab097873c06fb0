import type { Table } from '../../core/performance/tables.ts';

type Cell = Table['rows'][number][number];

const NUMBER = /^-?\d+(\.\d+)?$/;

/** What a spreadsheet takes for the beginning of a formula, its full-width forms included. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/** Commas, quotes and line ends (RFC 4180), and what spreadsheets of some countries take for a comma. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * A text that a spreadsheet would compute gets an apostrophe in front, which makes it text again (OWASP, "CSV
 * injection"). Decimal numbers, money below zero among them, stay as they are.
 */
const field = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = cell.toWellFormed();
  const inert = !NUMBER.test(text) && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};

/** A table as RFC 4180 has it: a header line, CRLF after each line, null as an empty field. */
export const csvOf = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
