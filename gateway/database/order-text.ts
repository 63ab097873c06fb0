import type { OrderRecord } from '../../core/orders/order-record.ts';

/** What the creation of an order sets for good; all else may change. Fills are rows of their own. */
const TERMS_FIELDS = [
  'id',
  'clientOrderId',
  'requestHash',
  'strategyId',
  'symbol',
  'side',
  'type',
  'role',
  'origin',
  'parentId',
  'notional',
  'trailingOffsetType',
  'postOnly',
  'reduceOnly',
  'displayQuantity',
  'extendedHours',
  'currency',
  'multiplier',
  'tickSize',
  'lotSize',
  'estimatedQuantity',
  'createdAt',
  'traceId',
  'traceparent',
  'firstSeq',
  'fills',
] as const satisfies readonly (keyof OrderRecord)[];
const NOT_STATE: ReadonlySet<string> = new Set([...TERMS_FIELDS, 'fills']);

/** As JSON, for the column `terms` of `orders`. */
export function termsText(record: OrderRecord): string {
  const terms: Record<string, unknown> = {};
  for (const field of TERMS_FIELDS) terms[field] = record[field];
  return JSON.stringify(terms);
}

/** As JSON, for the column `state`: whatever is not among the terms. */
export function stateText(record: OrderRecord): string {
  const state: Record<string, unknown> = {};
  for (const key in record) {
    if (!NOT_STATE.has(key)) state[key] = record[key as keyof OrderRecord];
  }
  return JSON.stringify(state);
}

export function toRecord(
  row: { readonly terms: string; readonly state: string },
  fills: OrderRecord['fills'],
): OrderRecord {
  return { ...(JSON.parse(row.terms) as OrderRecord), ...(JSON.parse(row.state) as OrderRecord), fills };
}
