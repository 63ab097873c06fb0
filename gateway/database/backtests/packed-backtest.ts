import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';

import type { BacktestFailure, BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { BacktestSummary } from './backtest-rows.ts';

export const PART_KINDS = ['orders', 'fills', 'equity', 'benchmark', 'logs'] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** Rows of one of the lists of a result. */
export interface PackedPart {
  readonly kind: PartKind;
  /** Position in the list of the first row in it. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** JSON array, gzip. */
  readonly content: Uint8Array;
}

/** A result as it is stored: packed where it was made, so that nobody else has to go through all of it. */
export interface PackedBacktest {
  readonly status: 'COMPLETED' | 'FAILED';
  readonly failure: Pick<BacktestFailure, 'code' | 'message'> | null;
  readonly resultHash: string;
  readonly eventsProcessed: number;
  /** JSON of {@link BacktestSummary}. */
  readonly summary: string;
  readonly parts: readonly PackedPart[];
}

/** A page of orders is unpacked from one part, or two. */
const ROWS_OF_PART = 1_000;

export function packBacktest(result: BacktestResult): PackedBacktest {
  const { benchmark, equity, fills, logs, orders, ...summary } = result;
  const lists: Readonly<Record<PartKind, readonly unknown[]>> = {
    ...{ orders, fills, equity, logs },
    benchmark: benchmark ?? [],
  };
  return {
    status: result.status === 'COMPLETED' ? 'COMPLETED' : 'FAILED',
    failure: result.failure,
    resultHash: result.resultHash,
    eventsProcessed: result.counts.bars + result.counts.events,
    summary: JSON.stringify(summary satisfies BacktestSummary),
    parts: PART_KINDS.flatMap((kind) => packList(kind, lists[kind])),
  };
}

function packList(kind: PartKind, rows: readonly unknown[]): PackedPart[] {
  const parts: PackedPart[] = [];
  for (let firstRow = 0; firstRow < rows.length; firstRow += ROWS_OF_PART) {
    const held = rows.slice(firstRow, firstRow + ROWS_OF_PART);
    const content = gzipSync(JSON.stringify(held));
    parts.push({ kind, firstRow, rowCount: held.length, content });
  }
  return parts;
}

const unzip = promisify(gunzip);

/** What is stored of a result. */
export interface StoredResult {
  /** JSON of {@link BacktestSummary}. */
  readonly summary: string;
  /** Of each list in order. */
  readonly parts: readonly Pick<PackedPart, 'kind' | 'content'>[];
}

/** The whole result, as it was before it was packed. */
export async function unpackBacktest({ parts, summary: text }: StoredResult): Promise<BacktestResult> {
  const summary = JSON.parse(text) as BacktestSummary;
  const rows = <K extends PartKind>(wanted: K): Promise<NonNullable<BacktestResult[K]>[number][]> =>
    unpackRows(parts.filter(({ kind }) => kind === wanted));
  return {
    ...summary,
    orders: await rows('orders'),
    fills: await rows('fills'),
    equity: await rows('equity'),
    benchmark: summary.settings.benchmark === null ? null : await rows('benchmark'),
    logs: await rows('logs'),
  };
}

/** Parts of one list, in order, as the rows that they hold. */
export async function unpackRows<T>(parts: readonly Pick<PackedPart, 'content'>[]): Promise<T[]> {
  const texts = await Promise.all(parts.map(({ content }) => unzip(content)));
  return texts.flatMap((text) => JSON.parse(text.toString()) as T[]);
}
