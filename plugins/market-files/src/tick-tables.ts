import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

import { literal, openInstance, quoted } from './duck.ts';
import { STORED_COLUMNS, type TickKind } from './tick-kinds.ts';

/** Rows of ticks on their way into Parquet files, a table a series; they wait on disk and not in memory. */
export interface TickTables {
  /** Begins one; answers with its place, for `append`. */
  open(): Promise<number>;
  /** A row in the order of STORED_COLUMNS. */
  append(table: number, values: readonly number[]): void;
  /** Writes one to a file that is not there yet, below the folder. */
  write(table: number, path: string): Promise<void>;
  /** Removes the tables; the files stay. */
  close(): void;
}

/** Rows of a row group: what is left out as a whole where a range does not need it. */
const ROW_GROUP = 32_768;
/** Rows of all tables that DuckDB holds back. */
const HELD = 100_000;

/** @param working Path of the database that the tables wait in; its folder is all that is written to. */
export async function openTickTables(kind: TickKind, working: string): Promise<TickTables> {
  const instance = await openInstance(working, [dirname(working)]);
  const connection = await instance.connect();
  const columns = STORED_COLUMNS[kind];
  const types = columns.map(([, type]) => type);
  const definition = columns.map(([name, type]) => `${quoted(name)} ${type}`).join(', ');
  const appenders: DuckDBAppender[] = [];
  let held = 0;

  return {
    async open() {
      const table = appenders.length;
      await connection.run(`CREATE TABLE ${nameOf(table)}(${definition})`);
      appenders.push(await connection.createAppender(nameOf(table)));
      return table;
    },
    append(table, values) {
      const appender = appenders[table];
      if (appender === undefined) throw new RangeError(`there is no table ${String(table)}`);
      for (let column = 0; column < types.length; column += 1) {
        const value = values[column] ?? NaN;
        switch (types[column]) {
          case 'TINYINT':
            appender.appendTinyInt(value);
            break;
          case 'UTINYINT':
            appender.appendUTinyInt(value);
            break;
          default:
            appender.appendDouble(value);
        }
      }
      appender.endRow();
      held += 1;
      if (held < HELD) return;
      held = 0;
      for (const each of appenders) each.flushSync();
    },
    async write(table, path) {
      appenders[table]?.flushSync();
      await copy(connection, nameOf(table), path);
    },
    close() {
      // What it holds back is not wanted any more.
      for (const each of appenders) each.closeSync();
      connection.closeSync();
      instance.closeSync();
      for (const rest of [working, `${working}.wal`, `${working}.tmp`]) {
        rmSync(rest, { recursive: true, force: true });
      }
    },
  };
}

const nameOf = (table: number): string => `ticks_${String(table)}`;

async function copy(connection: DuckDBConnection, table: string, path: string): Promise<void> {
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${String(ROW_GROUP)}`;
  await connection.run(`COPY ${table} TO ${literal(path)} (${options})`);
}
