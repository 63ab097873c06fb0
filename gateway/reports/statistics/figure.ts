import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import {
  formatCount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  UNDEFINED,
} from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { FigureKind } from './term.ts';

/** A statistic as the report has it: money as Fixed or a decimal string. */
export type FigureValue = number | Fixed | Decimal | null;

const writeNumber = (kind: Exclude<FigureKind, 'MONEY'>, value: number): string => {
  switch (kind) {
    case 'PERCENT':
      return formatPercent(value);
    case 'RATIO':
    case 'NUMBER':
      return formatNumber(value, 2);
    case 'COUNT':
      return formatCount(value);
    case 'DAYS':
      return value === 1 ? '1 day' : `${formatNumber(value, Number.isInteger(value) ? 0 : 1)} days`;
    case 'SECONDS':
      return formatDuration(value);
    case 'BASIS_POINTS':
      return `${formatNumber(value, 2)} bp`;
  }
};

const write = (kind: FigureKind, value: NonNullable<FigureValue>, currency: string): string => {
  if (typeof value === 'number') return kind === 'MONEY' ? formatNumber(value, 2) : writeNumber(kind, value);
  return formatMoney(typeof value === 'bigint' ? value : parseDecimal(value), currency);
};

/** The figure as a reader sees it, with its exact value for whoever takes it from the page. */
export const figure = (kind: FigureKind, value: FigureValue, currency: string): Markup => {
  if (value === null) return html`<span class="undefined">${UNDEFINED}</span>`;
  const exact = typeof value === 'bigint' ? formatDecimal(value) : String(value);
  return html`<data value="${exact}">${write(kind, value, currency)}</data>`;
};
