import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { PreparedBacktest } from '../../backtests/prepare-backtest.ts';
import { tearSheetOfBacktest } from '../../reports/backtest-tear-sheet.ts';
import { csvOf } from '../../reports/csv.ts';
import { priceHistoryOf } from '../../reports/price-history.ts';
import { REPORT_DOCUMENTS } from '../../reports/report-documents.ts';
import type { PriceHistory } from '../../reports/tear-sheet-input.ts';
import { UsageError } from '../usage-error.ts';
import { fillsTable, ordersTable } from './order-tables.ts';

/** Where a result is to be written; null is nowhere. */
export interface Outputs {
  readonly report: string | null;
  readonly csvFolder: string | null;
}

/** Charts of as many symbols are read; a tear sheet draws fewer. */
const MOST_CHARTS = 12;
const CSV_DOCUMENTS = ['performance.csv', 'equity.csv', 'trades.csv'] as const;

/** Before hours have been spent on what cannot be written. Throws UsageError naming the option. */
export function checkOutputs({ csvFolder, report }: Outputs): void {
  if (report !== null) {
    const folder = dirname(resolve(report));
    if (!isFolder(folder)) throw new UsageError(`--report ${report}: there is no folder ${folder}`);
    if (isFolder(report)) throw new UsageError(`--report ${report} is a folder: name a file`);
  }
  if (csvFolder !== null && statSync(csvFolder, { throwIfNoEntry: false })?.isFile() === true) {
    throw new UsageError(`--csv-dir ${csvFolder} is a file: name a folder`);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Writes what was asked for, and answers with the paths. */
export async function writeOutputs(
  { csvFolder, report }: Outputs,
  result: BacktestResult,
  prepared: PreparedBacktest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const written: string[] = [];
  const write = (path: string, text: string): void => {
    writeFileSync(path, text);
    written.push(path);
  };
  if (report !== null) {
    const input = tearSheetOfBacktest(result, await pricesOf(result, prepared, signal));
    write(report, REPORT_DOCUMENTS['report.html'].render(input));
  }
  if (csvFolder !== null) {
    mkdirSync(csvFolder, { recursive: true });
    const input = tearSheetOfBacktest(result, []);
    for (const name of CSV_DOCUMENTS) write(join(csvFolder, name), REPORT_DOCUMENTS[name].render(input));
    write(join(csvFolder, 'orders.csv'), csvOf(ordersTable(result)));
    write(join(csvFolder, 'fills.csv'), csvOf(fillsTable(result)));
  }
  return written;
}

/** Of the symbols that were traded most. */
async function pricesOf(
  { endedAt, fills, settings, startedAt }: BacktestResult,
  { bars }: PreparedBacktest,
  signal: AbortSignal,
): Promise<readonly PriceHistory[]> {
  const traded = new Map<string, number>();
  for (const { symbol } of fills) traded.set(symbol, (traded.get(symbol) ?? 0) + 1);
  const most = [...traded]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_CHARTS)
    .map(([symbol]) => symbol);
  const drawn = bars.filter(
    ({ series }) => most.includes(series.symbol) && series.interval === settings.interval,
  );
  const histories: PriceHistory[] = [];
  for (const { read, series } of drawn) {
    histories.push(await priceHistoryOf(series.symbol, read(signal), { from: startedAt, to: endedAt }));
  }
  return histories;
}
