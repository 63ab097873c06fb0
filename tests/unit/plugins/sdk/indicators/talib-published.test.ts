import { readFileSync } from 'node:fs';

import { expect, it } from '@jest/globals';

import type { Indicator } from '../../../../../plugins/sdk/src/indicators.ts';
import * as indicators from '../../../../../plugins/sdk/src/indicators.ts';
import { describeRecorded, sharedRows } from '../../../core/market/recorded-data.ts';
import { barOf, outputsOf, type TestBar } from './series.ts';

type Row = Readonly<Record<string, number | string>>;

const numeric = (row: Row, field: string): number => row[field] as number;

const closes = <Output>(indicator: Indicator<number, Output>) => ({
  indicator,
  input: (bar: TestBar): number => bar.close,
});
const bars = <Output>(indicator: Indicator<TestBar, Output>) => ({ indicator, input: (bar: TestBar) => bar });
const opens = (indicator: Indicator<number, number>) => ({
  indicator,
  input: (bar: TestBar): number => bar.open,
});
const highsAndLows = (indicator: Indicator<indicators.Pair, number>) => ({
  indicator,
  input: ({ high, low }: TestBar) => ({ x: high, y: low }),
});

interface Question {
  readonly expected: number;
  readonly at: number;
  /** Its answer at every bar. */
  answers(market: readonly TestBar[]): (number | null)[];
}

type Reading<Input, Output> = {
  readonly indicator: Indicator<Input, Output>;
  readonly input: (bar: TestBar) => Input;
};

const reading =
  <Input, Output>({ indicator, input }: Reading<Input, Output>, field: (output: Output) => number) =>
  (market: readonly TestBar[]): (number | null)[] =>
    outputsOf(indicator, market.map(input)).map((output) => (output === null ? null : field(output)));

const itself = (value: number): number => value;

/** How a row of TA-Lib's own regression tests is asked of us; undefined for what we do not have. */
const answersTo = (table: string, row: Row): Question['answers'] | undefined => {
  const period = row['optInTimePeriod'] === undefined ? NaN : numeric(row, 'optInTimePeriod');
  const kind = String(row['theFunction'] ?? row['id'] ?? row['testId'] ?? row['doAverage'] ?? '');
  const moving = String(row['optInMAType_1'] ?? '')
    .replace('TA_MAType_', '')
    .toLowerCase();
  switch (table) {
    case 'test_ma':
      if (kind !== 'TA_ANY_MA_TEST' || period < 2) return undefined;
      if (moving === 'sma') return reading(closes(indicators.sma(period)), itself);
      if (moving === 'wma') return reading(closes(indicators.wma(period)), itself);
      if (moving === 'ema') return reading(closes(indicators.ema(period)), itself);
      if (moving === 'dema') return reading(closes(indicators.dema(period)), itself);
      if (moving === 'tema') return reading(closes(indicators.tema(period)), itself);
      return moving === 'kama' ? reading(closes(indicators.kama({ period })), itself) : undefined;
    case 'test_adx':
      if (period < 2) return undefined;
      if (kind === 'TST_ADX') return reading(bars(indicators.adx(period)), ({ adx }) => adx);
      if (kind === 'TST_PLUS_DI') return reading(bars(indicators.adx(period)), ({ plusDi }) => plusDi);
      if (kind === 'TST_MINUS_DI') return reading(bars(indicators.adx(period)), ({ minusDi }) => minusDi);
      return undefined;
    case 'test_bbands':
      return row['optInNbDevUp'] === row['optInNbDevDn'] && row['optInMethod_3'] === 'TA_MAType_SMA'
        ? reading(
            closes(
              indicators.bollingerBands({
                period: numeric(row, 'optInTimePeriod'),
                deviations: numeric(row, 'optInNbDevUp'),
              }),
            ),
            ({ upper }) => upper,
          )
        : undefined;
    case 'test_macd':
      return numeric(row, 'optInFastPeriod') < numeric(row, 'optInSlowPeriod') && kind === 'TA_MACD_TEST'
        ? reading(closes(indicators.macd()), ({ line }) => line)
        : undefined;
    case 'test_minmax':
      if (kind === 'TA_MIN_TEST') return reading(opens(indicators.rollingMin(period)), itself);
      return kind === 'TA_MAX_TEST' ? reading(opens(indicators.rollingMax(period)), itself) : undefined;
    case 'test_mom':
      if (kind === 'TA_MOM_TEST') return reading(closes(indicators.momentum(period)), itself);
      return kind === 'TA_ROC_TEST' ? reading(closes(indicators.rateOfChange(period)), itself) : undefined;
    case 'test_per_hl':
      if (kind === 'TA_BETA_TEST') return reading(highsAndLows(indicators.rollingBeta(period)), itself);
      if (kind === 'TA_CORREL_TEST') return reading(highsAndLows(indicators.correlation(period)), itself);
      if (kind === 'TA_AROON_UP_TEST') return reading(bars(indicators.aroon(period)), ({ up }) => up);
      if (kind === 'TA_AROON_DOWN_TEST') return reading(bars(indicators.aroon(period)), ({ down }) => down);
      return kind === 'TA_AROONOSC_TEST'
        ? reading(bars(indicators.aroon(period)), ({ oscillator }) => oscillator)
        : undefined;
    case 'test_per_hlc': {
      const first = numeric(row, 'optInTimePeriod1');
      if (kind === 'TA_WILLR_TEST') return reading(bars(indicators.williamsR(first)), itself);
      return kind === 'TA_CCI_TEST' && first > 1 ? reading(bars(indicators.cci(first)), itself) : undefined;
    }
    case 'test_per_hlcv':
      return kind === 'TA_MFI_TEST' ? reading(bars(indicators.mfi(period)), itself) : undefined;
    case 'test_rsi':
      return kind === 'TA_RSI_TEST' ? reading(closes(indicators.rsi(period)), itself) : undefined;
    case 'test_stddev':
      return numeric(row, 'optInNbDeviation_1') === 1
        ? reading(closes(indicators.standardDeviation(period)), itself)
        : undefined;
    case 'test_stoch':
      return row['testId'] === 'TEST_STOCH'
        ? reading(
            bars(
              indicators.stochastic({
                period: numeric(row, 'optInPeriod_0'),
                smoothing: numeric(row, 'optInPeriod_1'),
                signal: numeric(row, 'optInPeriod_2'),
              }),
            ),
            ({ k }) => k,
          )
        : undefined;
    case 'test_trange':
      return kind === '1'
        ? reading(bars(indicators.atr(period)), itself)
        : reading(bars(indicators.trueRange()), itself);
    default:
      return undefined;
  }
};

const wanted = (row: Row): boolean =>
  row['expectedRetCode'] === 'TA_SUCCESS' &&
  row['expectedNbElement'] !== 0 &&
  row['compatibility'] !== 'TA_COMPATIBILITY_METASTOCK' &&
  // Recursive functions of TA-Lib begin where they are asked to; ours begin with the first bar.
  (row['startIdx'] === 0 || row['unstablePeriod'] === undefined) &&
  (row['unstablePeriod'] ?? 0) === 0;

/** Our directional indicators come with the ADX, theirs before it. */
const isDirectional = (row: Row): boolean => String(row['id'] ?? '').endsWith('_DI');

const toleranceOf = (expected: number): number => Math.min(0.01, Math.max(1e-4, 3e-3 * Math.abs(expected)));

describeRecorded('the figures of TA-Lib’s own regression tests (../shared)', () => {
  const market = sharedRows('talib/sref_252_bars.csv').map((row) => barOf(row.slice(1)));
  const file = new URL('../../../../../../shared/data/talib/talib_regtest_expected.json', import.meta.url);
  const { tables, wilder } = JSON.parse(readFileSync(file, 'utf8')) as {
    tables: Record<string, { rows: Row[] }>;
    wilder: { wilderHigh: number[]; wilderLow: number[] };
  };

  const questions = Object.entries(tables).flatMap(([name, { rows }]) =>
    rows.filter(wanted).flatMap((row) => {
      const answers = answersTo(name.split(':')[0]!, row);
      if (answers === undefined) return [];
      const index = numeric(
        row,
        'oneOfTheExpectedOutRealIndex' in row
          ? 'oneOfTheExpectedOutRealIndex'
          : 'oneOfTheExpectedOutRealIndex0',
      );
      const expected = numeric(
        row,
        'oneOfTheExpectedOutReal' in row ? 'oneOfTheExpectedOutReal' : 'oneOfTheExpectedOutReal0',
      );
      const at = numeric(row, 'expectedBegIdx') + index;
      return isDirectional(row) && at < 2 * numeric(row, 'optInTimePeriod')
        ? []
        : [{ name, row, answers, expected, at }];
    }),
  );

  it('has questions for most of what we have', () => {
    expect(questions.length).toBeGreaterThan(150);
    expect(new Set(questions.map(({ name }) => name)).size).toBe(13);
  });

  it.each(
    questions.map(
      (question) => [`${question.name} ${JSON.stringify(Object.values(question.row))}`, question] as const,
    ),
  )('%s', (_name, { answers, expected, at, row }) => {
    const outputs = answers(market);
    expect(outputs[at]).not.toBeNull();
    // What TA-Lib prints has few digits.
    expect(Math.abs(outputs[at]! - expected)).toBeLessThan(toleranceOf(expected));
    if (row['startIdx'] !== 0 || isDirectional(row)) return;
    expect(outputs.findIndex((output) => output !== null)).toBe(row['expectedBegIdx']);
  });

  it('parabolic SAR of Wilder’s own example', () => {
    const example = wilder.wilderHigh.map((high, index) => ({ high, low: wilder.wilderLow[index]! }));
    const stops = outputsOf(indicators.parabolicSar(), example).map((output) => output?.sar ?? NaN);
    const rows = tables['test_sar:tableTest']!.rows;
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const at = numeric(row, 'expectedBegIdx') + numeric(row, 'oneOfTheExpectedOutRealIndex0');
      expect(Math.abs(stops[at]! - numeric(row, 'oneOfTheExpectedOutReal0'))).toBeLessThan(
        toleranceOf(numeric(row, 'oneOfTheExpectedOutReal0')),
      );
    }
  });
});
