import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { OrderRecord } from '../orders/order-record.ts';
import { orderFromRecord, orderToRecord } from '../orders/order-record-codec.ts';
import { emptyExposure } from '../risk/reservation.ts';
import type { AccountState, Mismatch } from './account-state.ts';
import { settleShare } from './apply/exposure.ts';
import { canonicalJson } from './canonical-json.ts';
import { createAccountState } from './initial-state.ts';
import { SchemaError } from './schema.ts';
import {
  restorePosition,
  restoreStrategy,
  type SavedPosition,
  type SavedStrategyState,
  savePosition,
  saveStrategy,
} from './snapshot-strategies.ts';

/** Form of the snapshots below. Another one is not converted: the journal is read from the beginning. */
export const SNAPSHOT_SCHEMA = 2;

type Amounts = readonly (readonly [string, string])[];

/** Members of the state that are JSON as they are. */
type Plain = Pick<
  AccountState,
  | 'accountId'
  | 'workspaceId'
  | 'name'
  | 'broker'
  | 'environment'
  | 'baseCurrency'
  | 'seq'
  | 'at'
  | 'recordedAt'
  | 'tradingState'
  | 'tradingStateSource'
  | 'tradingStateReason'
  | 'limits'
  | 'evictedOrders'
  | 'fillCursor'
  | 'day'
  | 'peakedAt'
  | 'dailyLossDay'
>;

interface Snapshot extends Plain {
  readonly schema: number;
  readonly dayOpenEquity: string | null;
  readonly peakEquity: string | null;
  readonly drawdownPeak: string | null;
  readonly cash: Amounts;
  readonly fees: Amounts;
  readonly transfers: Amounts;
  readonly positions: readonly SavedPosition[];
  readonly transferReferences: readonly string[];
  readonly orders: readonly OrderRecord[];
  readonly openOrderIds: readonly string[];
  readonly doneOrders: readonly (readonly [string, number])[];
  readonly heldOrderIds: readonly (readonly [string, readonly string[]])[];
  readonly exposure: readonly (readonly [string, string])[];
  readonly recentSubmissions: readonly number[];
  readonly mismatches: readonly (Omit<Mismatch, 'ours' | 'theirs'> & {
    readonly ours: string;
    readonly theirs: string;
  })[];
  readonly entryBlocks: readonly string[];
  readonly strategies: readonly SavedStrategyState[];
}

/** The scaled integer itself: sums may have more digits than a decimal that is read. */
const text = (value: Fixed): string => value.toString();
const textOrNull = (value: Fixed | null): string | null => (value === null ? null : text(value));
const fixedOrNull = (value: string | null): Fixed | null => (value === null ? null : BigInt(value));

const amountsOf = (amounts: ReadonlyMap<string, Fixed>): Amounts =>
  Array.from(amounts, ([key, amount]) => [key, text(amount)] as const);

const pickPlain = (source: Plain): Plain => ({
  accountId: source.accountId,
  workspaceId: source.workspaceId,
  name: source.name,
  broker: source.broker,
  environment: source.environment,
  baseCurrency: source.baseCurrency,
  seq: source.seq,
  at: source.at,
  recordedAt: source.recordedAt,
  tradingState: source.tradingState,
  tradingStateSource: source.tradingStateSource,
  tradingStateReason: source.tradingStateReason,
  limits: source.limits,
  evictedOrders: source.evictedOrders,
  fillCursor: source.fillCursor,
  day: source.day,
  peakedAt: source.peakedAt,
  dailyLossDay: source.dailyLossDay,
});

const toSnapshot = (state: AccountState): Snapshot => ({
  ...pickPlain(state),
  schema: SNAPSHOT_SCHEMA,
  dayOpenEquity: textOrNull(state.dayOpenEquity),
  peakEquity: textOrNull(state.peakEquity),
  drawdownPeak: textOrNull(state.drawdownPeak),
  cash: amountsOf(state.cash),
  fees: amountsOf(state.fees),
  transfers: amountsOf(state.transfers),
  positions: Array.from(state.positions.values(), savePosition),
  transferReferences: [...state.transferReferences],
  orders: Array.from(state.orders.values(), (order) => orderToRecord(order, { fills: true })),
  openOrderIds: [...state.openOrderIds],
  doneOrders: [...state.doneOrders],
  heldOrderIds: Array.from(state.heldOrderIds, ([symbol, ids]) => [symbol, [...ids]] as const),
  exposure: Array.from(state.exposure, ([symbol, { currency }]) => [symbol, currency] as const),
  recentSubmissions: state.recentSubmissions,
  mismatches: Array.from(state.mismatches.values(), (mismatch) => ({
    ...mismatch,
    ours: text(mismatch.ours),
    theirs: text(mismatch.theirs),
  })),
  entryBlocks: [...state.entryBlocks],
  strategies: Array.from(state.strategies.values(), saveStrategy),
});

/**
 * The state as canonical JSON text (RFC 8785): equal states give equal text, so that its hash is the
 * state's hash. {@link restoreState} is the inverse.
 */
export const snapshotState = (state: AccountState): string => canonicalJson(toSnapshot(state));

const restoreAmounts = (target: Map<string, Fixed>, amounts: Amounts): void => {
  for (const [key, amount] of amounts) target.set(key, BigInt(amount));
};

const restoreOrders = (state: AccountState, snapshot: Snapshot): void => {
  for (const record of snapshot.orders) {
    const order = orderFromRecord(record);
    state.orders.set(order.id, order);
    state.orderIdByClientId.set(order.clientOrderId, order.id);
  }
  for (const [orderId, endedAt] of snapshot.doneOrders) state.doneOrders.set(orderId, endedAt);
  for (const [symbol, ids] of snapshot.heldOrderIds) state.heldOrderIds.set(symbol, new Set(ids));
  // The sums are made anew from the orders; only the order of the symbols is the snapshot's.
  for (const [symbol, currency] of snapshot.exposure) state.exposure.set(symbol, emptyExposure(currency));
  for (const orderId of snapshot.openOrderIds) {
    state.openOrderIds.add(orderId);
    const order = state.orders.get(orderId);
    if (order !== undefined) settleShare(state, order, null);
  }
};

/**
 * Throws SchemaError for a snapshot of another form (the journal is then read from the beginning) and
 * SyntaxError for a text that is no JSON.
 */
export const restoreState = (json: string): AccountState => {
  const snapshot = JSON.parse(json) as Snapshot;
  if (snapshot.schema !== SNAPSHOT_SCHEMA) {
    const isNewer = snapshot.schema > SNAPSHOT_SCHEMA;
    const message = `a snapshot of schema ${snapshot.schema} does not load, this program writes ${SNAPSHOT_SCHEMA}: read the journal from the beginning`;
    throw new SchemaError(isNewer ? 'NEWER_SCHEMA' : 'UNKNOWN_SCHEMA', message, snapshot.schema);
  }
  const state = Object.assign(createAccountState(snapshot.accountId), pickPlain(snapshot));
  state.dayOpenEquity = fixedOrNull(snapshot.dayOpenEquity);
  state.peakEquity = fixedOrNull(snapshot.peakEquity);
  state.drawdownPeak = fixedOrNull(snapshot.drawdownPeak);
  restoreAmounts(state.cash, snapshot.cash);
  restoreAmounts(state.fees, snapshot.fees);
  restoreAmounts(state.transfers, snapshot.transfers);
  for (const position of snapshot.positions) {
    state.positions.set(position.symbol, restorePosition(position));
  }
  for (const reference of snapshot.transferReferences) state.transferReferences.add(reference);
  restoreOrders(state, snapshot);
  state.recentSubmissions.push(...snapshot.recentSubmissions);
  for (const { symbol, currency, ours, theirs, since } of snapshot.mismatches) {
    const mismatch = { symbol, currency, ours: BigInt(ours), theirs: BigInt(theirs), since };
    state.mismatches.set(symbol ?? `cash:${currency ?? ''}`, mismatch);
  }
  for (const cause of snapshot.entryBlocks) state.entryBlocks.add(cause);
  for (const saved of snapshot.strategies) {
    state.strategies.set(saved.terms.strategyId, restoreStrategy(saved));
  }
  return state;
};
