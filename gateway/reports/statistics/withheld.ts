import type { PerformanceReport } from '../../../core/performance/report.ts';
import { RATIO_TERMS, TAIL_TERMS } from './return-terms.ts';
import type { Term } from './term.ts';
import { RELATIVE_TERMS, TRADE_TERMS } from './trade-terms.ts';

type Field = PerformanceReport['withheld'][number];

const labelsOf = (terms: Readonly<Record<string, Term>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(terms).map(([name, { label }]) => [name, label]));

/** Names of the summary's fields that can be withheld; they are those of the families it is drawn from. */
export const SUMMARY_LABELS: Readonly<Record<string, string>> = {
  ...labelsOf(RELATIVE_TERMS),
  ...labelsOf(TAIL_TERMS),
  ...labelsOf(TRADE_TERMS),
  ...labelsOf(RATIO_TERMS),
};

/** Those of the withheld fields that a family has. */
export const withheldIn = (terms: object, { withheld }: PerformanceReport): readonly Field[] =>
  withheld.filter((field) => field in terms);
