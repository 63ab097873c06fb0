import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

import { type Duck, literal, quoted } from './duck.ts';
import { fileFault } from './file-fault.ts';

/** How a file is read, and what columns it has. */
export interface FileHeader {
  readonly isParquet: boolean;
  readonly columns: readonly string[];
  /** SQL types by column; texts in CSV. */
  readonly types: readonly string[];
  /** The table function; the path is $1. */
  readonly from: string;
}

const LONGEST_HEADER = 65_536;
const DELIMITERS = [',', ';', '\t', '|'] as const;

export async function readHeader(duck: Duck, path: string, signal: AbortSignal): Promise<FileHeader> {
  return /\.parquet$/i.test(path) ? parquetHeader(duck, path, signal) : csvHeader(path, signal);
}

async function parquetHeader(duck: Duck, path: string, signal: AbortSignal): Promise<FileHeader> {
  const columns: string[] = [];
  const types: string[] = [];
  const from = '(DESCRIBE SELECT * FROM read_parquet($1))';
  try {
    const query = { columns: ['column_name', 'column_type'], from, where: [], values: [path] };
    for await (const rows of duck.rows(query, signal)) {
      for (const [name = '', type = ''] of rows) {
        columns.push(name);
        types.push(type);
      }
    }
  } catch (cause) {
    throw fileFault(path, 'cannot be read as Parquet', {}, { cause });
  }
  return { isParquet: true, columns, types, from: 'read_parquet($1)' };
}

async function csvHeader(path: string, signal: AbortSignal): Promise<FileHeader> {
  const line = await firstLine(path, signal);
  const count = (delimiter: string): number => cellsOf(line, delimiter).length;
  const delimiter = DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best), ',');
  const columns = cellsOf(line, delimiter).map(unquoted);
  const double = columns.find((name, index) => columns.indexOf(name) !== index);
  if (line.trim() === '') throw fileFault(path, 'has no header line');
  if (double !== undefined) throw fileFault(path, `has two columns called ${JSON.stringify(double)}`);
  // Nothing is guessed: a row with more or fewer cells than the header is an error.
  const types = columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const dialect = `auto_detect = false, delim = ${literal(delimiter)}, quote = '"', escape = '"', header = true`;
  return {
    isParquet: false,
    columns,
    types: columns.map(() => 'VARCHAR'),
    from: `read_csv($1, ${dialect}, skip = 0, columns = {${types}})`,
  };
}

/** Cells of a line; a delimiter in quotes is part of a name. */
function cellsOf(line: string, delimiter: string): readonly string[] {
  const cells = [''];
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    if (letter === delimiter && !isQuoted) cells.push('');
    else cells.push(`${cells.pop() ?? ''}${letter}`);
  }
  return cells;
}

const unquoted = (cell: string): string => {
  const [, inner] = /^"(.*)"$/s.exec(cell.trim()) ?? [];
  return inner === undefined ? cell.trim() : inner.replaceAll('""', '"');
};

async function firstLine(path: string, signal: AbortSignal): Promise<string> {
  const file = createReadStream(path, { signal });
  const bytes = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  let text = '';
  try {
    // A stream that was piped does not hear of what is wrong with its source.
    file.on('error', (error) => bytes.destroy(error));
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8');
      if (text.includes('\n') || text.length > LONGEST_HEADER) break;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw fileFault(path, 'cannot be read', {}, { cause });
  } finally {
    file.destroy();
  }
  return (text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '').slice(0, LONGEST_HEADER);
}

/** A column as a text. Times of Parquet files become texts that times.ts reads. */
export const columnText = ({ columns, isParquet }: FileHeader, index: number): string => {
  const name = quoted(columns[index] ?? '');
  return isParquet ? `CAST(${name} AS VARCHAR)` : name;
};
