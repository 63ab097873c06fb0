import { createHash } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { PerformanceReport } from '../../../../core/performance/report.ts';
import type { ChartSpec } from '../../../../gateway/reports/charts/chart-spec.ts';
import { pageAssets } from '../../../../gateway/reports/page-assets.ts';
import { renderTearSheet } from '../../../../gateway/reports/render-tear-sheet.ts';
import { emptyTearSheet, sampleTearSheet } from '../../../support/reports/sample-tear-sheet.ts';

const TEN_YEARS = sampleTearSheet('2008-01-01', '2018-01-01');
const PAGE = renderTearSheet(TEN_YEARS);

const chartsIn = (page: string): ChartSpec[] => {
  const [, json] = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page)!;
  return (JSON.parse(json!) as { charts: ChartSpec[] }).charts;
};

/** The exact value that a table's row has, or "undefined". */
const valueAt = (page: string, id: string): string | undefined => {
  const start = page.indexOf(`id="${id}"`);
  const cell = page.slice(start, page.indexOf('</td>', start));
  return start < 0
    ? undefined
    : (/<data value="([^"]*)"/.exec(cell)?.[1] ?? (/class="undefined"/.exec(cell)?.[0] && 'undefined'));
};

const exact = (value: number | bigint | string | null): string =>
  value === null ? 'undefined' : typeof value === 'bigint' ? formatDecimal(value) : String(value);

/** Every family of the report by the id of its table. */
const familiesOf = (report: PerformanceReport): Readonly<Record<string, object>> => ({
  ratios: report.ratios,
  moments: report.moments,
  tails: report.tails,
  days: report.dailyWins,
  drawdowns: Object.fromEntries(Object.entries(report.drawdowns).filter(([name]) => name !== 'worst')),
  relative: report.relative ?? {},
  exposure: report.exposure,
  'cost-figures': report.costs,
  ...report.compat,
});

const TRADE_TABLES = ['outcomes', 'pnl', 'trade-ratios'];

describe('a tear sheet', () => {
  it('shows every figure of the report as it is, each with its definition', () => {
    for (const [family, figures] of Object.entries(familiesOf(TEN_YEARS.performance))) {
      for (const [name, value] of Object.entries<number | bigint | null>({ ...figures })) {
        expect([family, name, valueAt(PAGE, `${family}-${name}-figure`)]).toEqual([
          family,
          name,
          exact(value),
        ]);
        expect(new RegExp(`id="${family}-${name}" role="tooltip">\\s*[A-Z]`).test(PAGE)).toBe(true);
      }
    }
    for (const [name, value] of Object.entries<number | bigint | null>({
      ...TEN_YEARS.performance.trades.statistics,
    })) {
      const shown = TRADE_TABLES.map((table) => valueAt(PAGE, `${table}-${name}-figure`));
      expect([name, ...shown.filter((text) => text !== undefined)]).toEqual([name, exact(value)]);
    }
  });

  it('shows every month, the worst drawdowns, the best and worst trades, parameters and hash', () => {
    const { monthTable, drawdowns, trades } = TEN_YEARS.performance;
    const values = new Set(Array.from(PAGE.matchAll(/<data value="([^"]*)"/g), ([, value]) => value));
    const ranked = trades.closed.map(({ netPnl }) => netPnl).sort((a, b) => (a < b ? -1 : 1));
    const expected = [
      ...monthTable.flatMap(({ months, total }) => [...months, total]).filter((value) => value !== null),
      ...drawdowns.worst.map(({ depth }) => depth),
      ...[...ranked.slice(0, 10), ...ranked.slice(-10)],
    ];
    expect(expected.length).toBeGreaterThan(140);
    for (const value of expected) expect(values).toContain(exact(value));
    for (const text of ['allowShort', 'PERCENTAGE', '[&quot;SPX&quot;]', TEN_YEARS.resultHash!]) {
      expect(PAGE.includes(text)).toBe(true);
    }
  });

  it('has a chart of each kind, with extremes as in the report and words for those who do not see it', () => {
    const charts = chartsIn(PAGE);
    expect(charts.map(({ id }) => id)).toEqual([
      'equity',
      'drawdown',
      'distribution',
      'rolling-sharpe',
      'rolling-volatility',
      'rolling-beta',
      'price-1',
      'exposure',
    ]);
    const { drawdowns, series, trades } = TEN_YEARS.performance;
    const [equity, drawdown, distribution, , , , price] = charts;
    expect(Math.min(...(drawdown!.series[0]!.values as number[]))).toBeCloseTo(drawdowns.maxDrawdown!, 6);
    expect(equity!.series[0]!.values.at(-1)).toBeCloseTo(series.index.at(-1)!, 5);
    expect(equity!.shaded).toHaveLength(5);
    const counts = distribution!.series.flatMap(({ values }) => values).map((count) => count ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(TEN_YEARS.performance.moments.count);
    expect(price!.marks).toHaveLength(TEN_YEARS.fills.length);
    expect(price!.trades).toHaveLength(trades.closed.length);
    for (const { alternative } of charts) expect(alternative.length).toBeGreaterThan(60);
  });

  it('marks a fill at the bar in which it happened', () => {
    const [price] = chartsIn(PAGE).filter(({ id }) => id === 'price-1');
    const [first] = TEN_YEARS.fills;
    const [mark] = price!.marks;
    const starts = price!.axis.values;
    expect(starts[mark!.bar]).toBeLessThanOrEqual(first!.at);
    expect(starts[mark!.bar + 1]).toBeGreaterThan(first!.at);
    expect(mark!.text).toMatch(/^(Bought|Sold) \d+ at [\d,]+\.\d\d$/);
  });

  it('is the same for the same input', () => {
    expect(renderTearSheet(sampleTearSheet('2008-01-01', '2018-01-01'))).toBe(PAGE);
  });

  it('allows no script and no style but its own, and no network', () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(PAGE)!;
    const stated = policy!.replaceAll('&#39;', "'");
    expect(stated).toBe(pageAssets().policy);
    expect(stated).toContain("default-src 'none'");
    const inline = PAGE.matchAll(/<(?:script(?: type="module")?|style)>(.*?)<\/(?:script|style)>/gs);
    const hashes = Array.from(inline, ([, text]) => createHash('sha256').update(text!).digest('base64'));
    expect(hashes).toHaveLength(3);
    for (const hash of hashes) expect(stated).toContain(`'sha256-${hash}'`);
    expect(/ on[a-z]+=| style="|(?:src|href)="(?!#|data:,")/.exec(PAGE)?.[0]).toBeUndefined();
  });

  it('takes nothing from a hostile name, symbol, parameter or notice but its text', () => {
    const hostile = `</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"'`;
    const page = renderTearSheet({
      ...TEN_YEARS,
      ...{ title: hostile, subtitle: hostile, benchmark: hostile, currency: hostile, resultHash: hostile },
      prices: TEN_YEARS.prices.map(({ bars }) => ({ symbol: hostile, bars })),
      fills: TEN_YEARS.fills.map((fill) => ({ ...fill, symbol: hostile })),
      parameters: [{ title: hostile, values: { [hostile]: hostile, ['__proto__']: [hostile] } }],
      notices: [{ severity: 'WARNING', text: hostile }],
    });
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script/g)).toHaveLength(3);
    expect(/<img|<!--/.exec(page)?.[0]).toBeUndefined();
    expect(chartsIn(page).find(({ id }) => id === 'price-1')!.title).toBe(hostile);
  });
});

describe('a tear sheet of little', () => {
  it('says of an account that has not begun what there is not', () => {
    const page = renderTearSheet(emptyTearSheet());
    expect(chartsIn(page)).toEqual([]);
    for (const text of [
      'No trading day yet',
      'There are no prices to draw',
      'No trade was closed',
      'None were set',
    ]) {
      expect(page.includes(text)).toBe(true);
    }
    expect(/NaN|Infinity|>null<|>undefined</.exec(page)?.[0]).toBeUndefined();
  });

  it.each(['2017-01-04', '2017-01-05', '2017-01-20'])(
    'of days before %s has charts and no number that is none',
    (to) => {
      const page = renderTearSheet(sampleTearSheet('2017-01-01', to));
      expect(chartsIn(page).map(({ id }) => id)).toEqual([
        'equity',
        'drawdown',
        'distribution',
        'price-1',
        'exposure',
      ]);
      const shown = page.replaceAll(/<script.*?<\/script>/gs, '');
      expect(/NaN|Infinity|>null<|>undefined</.exec(shown)?.[0]).toBeUndefined();
    },
  );

  it('says what is withheld and marks it in the tables', () => {
    const input = sampleTearSheet('2015-06-01', '2016-06-01');
    expect(input.performance.withheld).toEqual(['winRate', 'profitFactor', 'payoffRatio']);
    const page = renderTearSheet(input);
    expect(page.includes('Withheld: the sample is too small')).toBe(true);
    expect(/Too small a sample: \d closed trades? \(at least 10\)/.test(page)).toBe(true);
    expect(page.match(/†<\/sup>/g)).toHaveLength(input.performance.withheld.length);
  });

  it('tells what its maker has to say first', () => {
    const page = renderTearSheet(
      emptyTearSheet({ notices: [{ severity: 'WARNING', text: 'The run failed.' }] }),
    );
    expect(page.indexOf('The run failed.')).toBeLessThan(page.indexOf('Key figures</h2>'));
  });

  it('calls an account an account', () => {
    const labels = (subject: 'BACKTEST' | 'LIVE_ACCOUNT'): string[] =>
      chartsIn(renderTearSheet(sampleTearSheet('2017-01-01', '2017-02-01', { subject })))[0]!.series.map(
        ({ label }) => label,
      );
    expect([labels('LIVE_ACCOUNT'), labels('BACKTEST')]).toEqual([
      ['Account', 'S&P 500'],
      ['Strategy', 'S&P 500'],
    ]);
  });

  it('of an account says as of when', () => {
    expect(renderTearSheet(emptyTearSheet({ asOf: Date.UTC(2024, 2, 5, 14, 30) }))).toContain(
      '5 Mar 2024, 14:30 UTC',
    );
  });
});
