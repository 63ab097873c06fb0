import { describe, expect, it } from '@jest/globals';

import { withDuckDB } from '../../../../gateway/backtests/market-data/market-files-library.ts';

const failing = (message: string, code?: string) => () =>
  Promise.reject(Object.assign(new Error(message), code === undefined ? {} : { code }));

describe('what needs DuckDB', () => {
  it.each([
    ["Cannot find package '@duckdb/node-api' imported from /plugins/market-files", 'ERR_MODULE_NOT_FOUND'],
    ["Cannot find module '@duckdb/node-bindings-linux-arm64/duckdb.node'", 'MODULE_NOT_FOUND'],
    ["Cannot find package '@omniquant/market-files'", 'ERR_MODULE_NOT_FOUND'],
    ['/node_modules/@duckdb/node-bindings-linux-x64/duckdb.node: file too short', 'ERR_DLOPEN_FAILED'],
  ])('says in one line what to install where it is not there: %s', async (message, code) => {
    const using = withDuckDB(failing(message, code));
    await expect(using).rejects.toMatchObject({ code: 'NOT_INSTALLED', cause: { code } });
    await expect(using).rejects.toThrow(/^[^\n]*run npm install --no-save @duckdb\/node-api@[\d.r-]+$/);
  });

  it('does not send people to install what has no build for their machine', async () => {
    const message = "Error loading duckdb native binding: unsupported arch 'riscv64' for platform 'linux'";
    await expect(withDuckDB(failing(message))).rejects.toMatchObject({
      code: 'NOT_INSTALLED',
      message: expect.stringContaining('has no build for'),
    });
  });

  it('passes on every other error', async () => {
    await expect(withDuckDB(failing('no duckdb today'))).rejects.toThrow('no duckdb today');
    const other = "Cannot find package 'left-pad'";
    await expect(withDuckDB(failing(other, 'ERR_MODULE_NOT_FOUND'))).rejects.toThrow(other);
  });
});
