import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { renderTearSheet } from '../../gateway/reports/render-tear-sheet.ts';
import { sampleTearSheet } from '../support/reports/sample-tear-sheet.ts';
import type { Bench, Figure } from './bench.ts';
import { median } from './median.ts';

const FROM = '2008-01-01';
const TO = '2018-01-01';
const REFERENCE = 'JSON.stringify of the same input';

const secondsOf = (work: () => unknown): number => {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1_000;
};

const medianOf = (rounds: number, work: () => unknown): number =>
  median(Array.from({ length: rounds }, () => secondsOf(work)));

const withoutBigints = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? formatDecimal(value) : value;

/** The tear sheet of ten years of daily data, from the statistics to the page's text. */
export const report: Bench = {
  name: 'report',
  async *run({ quick }): AsyncIterable<Figure> {
    const rounds = quick ? 7 : 31;
    const input = sampleTearSheet(FROM, TO);
    const first = secondsOf(() => renderTearSheet(input));
    const reference = medianOf(rounds, () => JSON.stringify(input, withoutBigints));
    const page = medianOf(rounds, () => renderTearSheet(input));
    const whole = medianOf(rounds, () => renderTearSheet(sampleTearSheet(FROM, TO)));
    const against = (value: number) => ({ value, unit: 's', ratio: value / reference, reference: REFERENCE });
    yield { name: 'json', value: reference, unit: 's', ratio: null, reference: null };
    yield { name: 'first-page', ...against(first) };
    yield { name: 'page', ...against(page) };
    yield { name: 'with-run-and-statistics', ...against(whole) };
    yield {
      ...{ name: 'size', value: renderTearSheet(input).length / 1_024, unit: 'KiB' },
      ...{ ratio: null, reference: null },
    };
  },
};
