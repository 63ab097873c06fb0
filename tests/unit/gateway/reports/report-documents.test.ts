import { describe, expect, it } from '@jest/globals';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { REPORT_DOCUMENTS } from '../../../../gateway/reports/report-documents.ts';
import { emptyTearSheet, sampleTearSheet } from '../../../support/reports/sample-tear-sheet.ts';

const INPUT = sampleTearSheet('2015-01-01', '2017-01-01', { title: '=cmd|x' });
const { performance } = INPUT;

const linesOf = (name: 'performance.csv' | 'equity.csv' | 'trades.csv', input = INPUT): string[][] =>
  REPORT_DOCUMENTS[name]
    .render(input)
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(','));

describe('the documents of a report', () => {
  it('have one line a statistic', () => {
    const lines = linesOf('performance.csv');
    expect(lines[0]).toEqual(['family', 'statistic', 'value']);
    expect(lines).toContainEqual(['summary', 'sharpe', String(performance.summary.sharpe)]);
    expect(lines).toContainEqual(['costs', 'tradedValue', formatDecimal(performance.costs.tradedValue)]);
  });

  it('have a line for each day and each closed trade', () => {
    expect(linesOf('equity.csv')).toHaveLength(performance.series.days.length + 1);
    const trades = linesOf('trades.csv');
    expect(trades).toHaveLength(performance.trades.closed.length + 1);
    const [first] = performance.trades.closed;
    expect(trades[1]!.slice(0, 2)).toEqual(['SPX', first!.direction]);
    expect(trades[1]).toContain(formatDecimal(first!.netPnl));
  });

  it('are only headers for an account that has not begun', () => {
    expect(linesOf('equity.csv', emptyTearSheet())).toHaveLength(1);
    expect(linesOf('trades.csv', emptyTearSheet())).toHaveLength(1);
  });

  it('have all figures as JSON: money as decimal strings, what is undefined as null', () => {
    const read = JSON.parse(REPORT_DOCUMENTS['report.json'].render(INPUT)) as {
      title: string;
      resultHash: string;
      fills: { price: string }[];
      performance: { summary: object; series: { equity: string[]; index: number[] } };
    };
    expect(read).not.toHaveProperty('prices');
    expect([read.title, read.resultHash]).toEqual([INPUT.title, INPUT.resultHash]);
    expect(read.performance.summary).toEqual(performance.summary);
    expect(read.performance.series.index).toEqual(Array.from(performance.series.index));
    expect(read.performance.series.equity).toEqual(performance.series.equity.map(formatDecimal));
    expect(read.fills[0]!.price).toBe(formatDecimal(INPUT.fills[0]!.price));
  });

  it('name their media types', () => {
    expect(
      Object.entries(REPORT_DOCUMENTS).map(([name, { mediaType }]) => [name, mediaType.split(';')[0]]),
    ).toEqual([
      ['report.html', 'text/html'],
      ['report.json', 'application/json'],
      ['performance.csv', 'text/csv'],
      ['equity.csv', 'text/csv'],
      ['trades.csv', 'text/csv'],
    ]);
  });
});
