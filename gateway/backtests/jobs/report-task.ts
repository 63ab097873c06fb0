import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import { type StoredResult, unpackBacktest } from '../../database/backtests/packed-backtest.ts';
import { tearSheetOfBacktest } from '../../reports/backtest-tear-sheet.ts';
import { pageAssets } from '../../reports/page-assets.ts';
import { priceHistoryOf } from '../../reports/price-history.ts';
import { REPORT_DOCUMENTS } from '../../reports/report-documents.ts';
import type { PriceHistory } from '../../reports/tear-sheet-input.ts';
import { MarketDataError } from '../market-data/market-data-error.ts';
import type { MarketDataSource } from '../market-data/market-data-source.ts';
import { openMarketData } from '../market-data/open-market-data.ts';
import { offeredMarketData, type StoredBarsOffer } from '../market-data/stored-bars-channel.ts';

/** Name of what a report can be had as, such as "report.html". */
export type ReportDocument = keyof typeof REPORT_DOCUMENTS;

export interface ReportTask {
  readonly stored: StoredResult;
  readonly document: ReportDocument;
  /** Where imported bars are. */
  readonly dataDir: string;
  /** Bars that gateways have kept, which the workspace may read. */
  readonly bars: StoredBarsOffer;
}

export interface RenderedReport {
  readonly mediaType: string;
  /** Content security policy that it is to be sent with; null for what is no page. */
  readonly policy: string | null;
  readonly text: string;
}

/** Charts of as many symbols are read; a tear sheet draws fewer. */
const MOST_CHARTS = 12;
/** Whoever does not want it any more ends the thread. */
const NEVER_ABORTED = new AbortController().signal;

/** Makes a document of a stored result in this thread. */
export async function renderReportTask({
  bars,
  dataDir,
  document,
  stored,
}: ReportTask): Promise<RenderedReport> {
  const result = await unpackBacktest(stored);
  const isPage = document === 'report.html';
  const prices = isPage ? await pricesOf(result, openMarketData(dataDir, offeredMarketData(bars))) : [];
  const { mediaType, render } = REPORT_DOCUMENTS[document];
  const text = render(tearSheetOfBacktest(result, prices));
  return { mediaType, policy: isPage ? pageAssets().policy : null, text };
}

/** Of the symbols that were traded most. Bars that were removed since are left out, and so is their chart. */
async function pricesOf(
  { endedAt, fills, settings, startedAt }: BacktestResult,
  data: MarketDataSource,
): Promise<readonly PriceHistory[]> {
  const traded = [...Map.groupBy(fills, ({ symbol }) => symbol)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_CHARTS);
  const histories: PriceHistory[] = [];
  for (const [symbol] of traded) {
    try {
      const blocks = data.read(
        { symbol, interval: settings.interval },
        { from: startedAt, to: endedAt },
        NEVER_ABORTED,
      );
      histories.push(await priceHistoryOf(symbol, blocks, { from: startedAt, to: endedAt }));
    } catch (error) {
      if (!(error instanceof MarketDataError)) throw error;
    }
  }
  return histories;
}
