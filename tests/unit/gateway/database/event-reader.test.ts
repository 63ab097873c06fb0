import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ConnectionPool } from '../../../../gateway/database/connection-pool.ts';
import { readEvents } from '../../../../gateway/database/journal/event-reader.ts';

const HASH = 'ab'.repeat(32);
const signal = AbortSignal.timeout(60_000);

/** Knows the hash at any sequence; every page fails, as after an abort. */
function brokenPool(): { readonly pool: ConnectionPool; readonly asked: string[] } {
  const asked: string[] = [];
  const pool = {
    query(statement: { readonly name?: string }) {
      asked.push(statement.name ?? '');
      return statement.name === 'journal-hash'
        ? Promise.resolve([{ hash: Buffer.from(HASH, 'hex') }])
        : Promise.reject(new Error('gave up waiting for the database'));
    },
  };
  return { pool: pool as unknown as ConnectionPool, asked };
}

describe('reading a journal', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
  });

  it('asks for no page when the snapshot is as old as the journal', async () => {
    const { pool, asked } = brokenPool();
    for await (const page of readEvents(pool, 'a1', 5, { seq: 5, hash: HASH }, signal)) {
      expect(page).toEqual([]);
    }
    expect(asked).toEqual(['journal-hash']);
  });

  it('tells its reader when a page fails, and nobody else', async () => {
    const { pool } = brokenPool();
    const pages = readEvents(pool, 'a1', 5, { seq: 9, hash: HASH }, signal);
    await expect(pages.next()).rejects.toThrow('gave up waiting');
    await nextTurn();
    expect(unhandled).toEqual([]);
  });
});
