import { areSame, canonicalJson } from '../../core/engine/canonical-json.ts';
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
] as const satisfies readonly (keyof OrderRecord)[];
const NOT_STATE: ReadonlySet<string> = new Set([...TERMS_FIELDS, 'fills']);

/**
 * What a field holds when its text is left out. Of an order's sixty fields most are these most of the
 * time, and a journal's worth of them is written twice an order.
 */
const BLANKS = {
  requestHash: null,
  strategyId: null,
  parentId: null,
  legIds: [],
  notional: null,
  limitPrice: null,
  stopPrice: null,
  triggerPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
  expireAt: null,
  postOnly: false,
  reduceOnly: false,
  displayQuantity: null,
  extendedHours: false,
  reservePrice: null,
  estimatedQuantity: null,
  doneReason: null,
  assumedDone: false,
  reason: null,
  denial: null,
  pendingReplace: null,
  replaceRequestIds: [],
  pendingCancel: false,
  heldAt: null,
  heldFor: null,
  sent: false,
  doubted: false,
  triggeredAt: null,
  overfilled: false,
  filledQuantity: '0',
  bustedQuantity: '0',
  filledNotional: '0',
  fills: [],
  submittedAt: null,
  doneAt: null,
  traceId: null,
  traceparent: null,
} as const satisfies Partial<OrderRecord>;

interface Field {
  readonly name: keyof OrderRecord;
  /** The name as JSON, with its colon. */
  readonly head: string;
  readonly blank: unknown;
}

function toFields(names: readonly string[]): readonly Field[] {
  return names.map((name) => ({
    name: name as keyof OrderRecord,
    head: `${JSON.stringify(name)}:`,
    blank: (BLANKS as Partial<OrderRecord>)[name as keyof OrderRecord],
  }));
}

const TERMS = toFields(TERMS_FIELDS);

/** As JSON, for the column `terms` of `orders`. */
export function termsText(record: OrderRecord): string {
  return fieldsText(record, TERMS);
}

/** As JSON, for the column `state`: whatever is not among the terms. */
export function stateText(record: OrderRecord): string {
  return fieldsText(record, stateFieldsOf(record));
}

function fieldsText(record: OrderRecord, fields: readonly Field[]): string {
  let text = '{';
  for (const { name, head, blank } of fields) {
    const value = record[name];
    if (value === blank || (isEmptyList(value) && isEmptyList(blank))) continue;
    text += `${text === '{' ? '' : ','}${head}${canonicalJson(value)}`;
  }
  return `${text}}`;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

let lastNames: readonly string[] = [];
let stateFields: readonly Field[] = [];

/** Records all have the same fields in the same order, so that this is found out once. */
function stateFieldsOf(record: OrderRecord): readonly Field[] {
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
  const written = { ...(JSON.parse(row.terms) as OrderRecord), ...(JSON.parse(row.state) as OrderRecord) };
  return { ...BLANKS, ...written, fills };
}
