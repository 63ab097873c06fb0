import { createRequire } from 'node:module';

/** Runs SQL by the DuckDB of the library that imports files. */
export async function runDuckDB(sql: string): Promise<void> {
  const ofLibrary = createRequire(new URL('../../plugins/market-files/package.json', import.meta.url));
  const { DuckDBInstance } = ofLibrary('@duckdb/node-api') as {
    DuckDBInstance: { create(): Promise<{ connect(): Promise<{ run(sql: string): Promise<unknown> }> }> };
  };
  await (await (await DuckDBInstance.create()).connect()).run(sql);
}
