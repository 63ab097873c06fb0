import { dailyTable, statisticsTable, tradesTable } from '../../core/performance/tables.ts';
import { csvOf } from './csv.ts';
import { renderTearSheet } from './render-tear-sheet.ts';
import { reportJson } from './report-json.ts';
import type { TearSheetInput } from './tear-sheet-input.ts';

interface ReportDocument {
  readonly mediaType: string;
  readonly render: (input: TearSheetInput) => string;
}

const CSV = 'text/csv; charset=utf-8; header=present';

/** What a report can be had as, by file name. A server sends the page with `pageAssets().policy`. */
export const REPORT_DOCUMENTS = {
  'report.html': { mediaType: 'text/html; charset=utf-8', render: (input) => renderTearSheet(input) },
  'report.json': { mediaType: 'application/json; charset=utf-8', render: reportJson },
  'performance.csv': { mediaType: CSV, render: ({ performance }) => csvOf(statisticsTable(performance)) },
  'equity.csv': { mediaType: CSV, render: ({ performance }) => csvOf(dailyTable(performance)) },
  'trades.csv': { mediaType: CSV, render: ({ performance }) => csvOf(tradesTable(performance)) },
} as const satisfies Readonly<Record<string, ReportDocument>>;
