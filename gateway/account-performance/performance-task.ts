import { type AccountPerformance, performanceOfAccount } from '../../core/performance/account-performance.ts';
import type { PerformanceSummary } from '../../core/performance/summary.ts';
import type { RenderedReport, ReportDocument } from '../backtests/jobs/report-task.ts';
import { openMarketData } from '../backtests/market-data/open-market-data.ts';
import { tearSheetOfAccount } from '../reports/account-tear-sheet.ts';
import { pageAssets } from '../reports/page-assets.ts';
import { REPORT_DOCUMENTS } from '../reports/report-documents.ts';
import type { AccountHistoryData, ChartBars } from './history-data.ts';
import { type ArgumentProblem, benchmarkProblem, closesFrom } from './imported-bars.ts';
import { type ReadHistory, readHistory } from './read-history.ts';

/* What a thread does: many fills are to keep nobody else waiting. */

export interface PerformanceTask {
  readonly histories: readonly AccountHistoryData[];
  /** Where imported bars are. */
  readonly dataDir: string;
}

export type PerformanceOutcome =
  { readonly summaries: readonly PerformanceSummary[] } | { readonly problem: ArgumentProblem };

export interface AccountReportTask {
  readonly history: AccountHistoryData;
  readonly charts: ChartBars;
  readonly document: ReportDocument;
  readonly dataDir: string;
}

export type AccountReportOutcome =
  { readonly report: RenderedReport } | { readonly problem: ArgumentProblem };

interface Computed {
  readonly performance: AccountPerformance;
  readonly read: ReadHistory;
}

async function compute(
  data: AccountHistoryData,
  source: ReturnType<typeof openMarketData>,
): Promise<Computed> {
  const read = await readHistory(data, closesFrom(data.closes, source));
  return { performance: performanceOfAccount(read.history), read };
}

/** In the order of the histories. */
export async function performanceTask({ dataDir, histories }: PerformanceTask): Promise<PerformanceOutcome> {
  const source = openMarketData(dataDir);
  const summaries: PerformanceSummary[] = [];
  for (const history of histories) {
    const problem = benchmarkProblem(history, source);
    if (problem !== null) return { problem };
    summaries.push((await compute(history, source)).performance.report.summary);
  }
  return { summaries };
}

/** Makes a document of an account's performance. */
export async function accountReportTask(task: AccountReportTask): Promise<AccountReportOutcome> {
  const { charts, dataDir, document, history } = task;
  const source = openMarketData(dataDir);
  const problem = benchmarkProblem(history, source);
  if (problem !== null) return { problem };
  const { performance, read } = await compute(history, source);
  const isPage = document === 'report.html';
  const { mediaType, render } = REPORT_DOCUMENTS[document];
  const input = tearSheetOfAccount(performance, {
    ...history.account,
    ...history.range,
    asOf: performance.days.dayUnderWay === null ? null : (read.history.present?.at ?? null),
    ...{ unknownCurrencies: read.unknownCurrencies, adopted: read.adopted },
    prices: Object.entries(charts).map(([symbol, bars]) => ({ symbol, bars })),
  });
  return { report: { mediaType, policy: isPage ? pageAssets().policy : null, text: render(input) } };
}
