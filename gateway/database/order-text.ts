import type { OrderRecord } from '../../core/orders/order-record.ts';
import { areSame, type Fields, membersJson, toFields } from './journal/canonical-json.ts';

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
const TERMS = toFields(TERMS_FIELDS);
const NOT_STATE: ReadonlySet<string> = new Set([...TERMS_FIELDS, 'fills']);

/** As JSON, for the column `terms` of `orders`. */
export function termsText(record: OrderRecord): string {
  return membersJson(record, TERMS);
}

/** As JSON, for the column `state`: whatever is not among the terms. */
export function stateText(record: OrderRecord): string {
  return membersJson(record, stateFieldsOf(record));
}

let lastNames: readonly string[] = [];
let stateFields = toFields([]);

/** Records all have the same fields in the same order, so that this is found out once. */
function stateFieldsOf(record: OrderRecord): Fields {
  const names = Object.keys(record);
  if (!areSame(names, lastNames)) {
    lastNames = names;
    stateFields = toFields(names.filter((name) => !NOT_STATE.has(name)));
  }
  return stateFields;
}

export function toRecord(
  row: { readonly terms: string; readonly state: string },
  fills: OrderRecord['fills'],
): OrderRecord {
  return { ...(JSON.parse(row.terms) as OrderRecord), ...(JSON.parse(row.state) as OrderRecord), fills };
}
