import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import { canonicalJson } from '../../../core/engine/canonical-json.ts';
import type { AccountBatch } from '../../../core/ports/journal.ts';
import type { OrderRow, ReadModelChanges, StrategyRow } from '../../../core/ports/read-model.ts';
import { stateText, termsText } from '../order-text.ts';
import { chainHash, payloadOf } from './event-chain.ts';
import { safeText, TextTable } from './text-table.ts';

/** The parameters of journal_append in order, and the heads that follow if it commits. */
export interface AppendTables {
  readonly values: readonly (string | boolean)[];
  /** Hash of the last event, by account. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** Columns here and in migrations/0005-journal-append.ts are in the same order. */
interface Tables {
  readonly heads: TextTable;
  readonly events: TextTable;
  readonly payloads: TextTable;
  readonly accounts: TextTable;
  readonly newOrders: TextTable;
  readonly orders: TextTable;
  readonly fills: TextTable;
  readonly fillUpdates: TextTable;
  readonly positions: TextTable;
  readonly balances: TextTable;
  readonly equityDays: TextTable;
  readonly alerts: TextTable;
  readonly audits: TextTable;
  readonly strategies: TextTable;
}

/** `previousHash` answers with the hash that an account's journal ends with. */
export function appendTables(
  batches: readonly AccountBatch[],
  previousHash: (batch: AccountBatch) => string,
): AppendTables {
  const tables: Tables = {
    heads: new TextTable(8),
    events: new TextTable(13),
    payloads: new TextTable(1),
    accounts: new TextTable(14),
    newOrders: new TextTable(13),
    orders: new TextTable(5),
    fills: new TextTable(14),
    fillUpdates: new TextTable(6),
    positions: new TextTable(8),
    balances: new TextTable(6),
    equityDays: new TextTable(6),
    alerts: new TextTable(8),
    audits: new TextTable(8),
    strategies: new TextTable(14),
  };
  const hashes = new Map<string, string>();
  let creates = false;
  for (const batch of batches) {
    const previous = previousHash(batch);
    const last = addEvents(tables, batch, previous);
    hashes.set(batch.accountId, last);
    const { accountId, workspaceId, shard, epoch, expectedSeq, events } = batch;
    tables.heads.add(
      accountId,
      workspaceId,
      shard,
      epoch,
      expectedSeq,
      previous,
      expectedSeq + events.length,
      last,
    );
    addChanges(tables, batch);
    creates ||= expectedSeq === 0;
  }
  const { heads, ...others } = tables;
  return { values: [heads.toString(), creates, ...Object.values(others).map(String)], hashes };
}

function addEvents(
  { events: table, payloads, equityDays }: Tables,
  batch: AccountBatch,
  previous: string,
): string {
  const { accountId, workspaceId } = batch;
  let hash = previous;
  for (const event of batch.events) {
    const stored = storable(event);
    const payload = payloadOf(event);
    hash = chainHash(hash, stored, payload);
    const { seq, at, recordedAt, schema, actor, correlationId, causationId, traceparent } = stored;
    const body = event.event;
    const orderId = 'orderId' in body ? safeText(body.orderId) : null;
    // prettier-ignore
    table.add(
      accountId, seq, workspaceId, at, recordedAt, schema, orderId, body.type, actor, correlationId, causationId,
      traceparent, hash,
    );
    payloads.add(payload);
    if (body.type === 'DAY_OPENED') {
      equityDays.add(accountId, safeText(body.day), workspaceId, at, body.equity, body.previous);
    }
  }
  return hash;
}

/** The event with envelope texts as the database can hold them: what is hashed is what is stored. */
function storable(event: JournaledEvent): JournaledEvent {
  const actor = safeText(event.actor);
  const correlationId = safeText(event.correlationId);
  const causationId = safeText(event.causationId);
  const traceparent = safeText(event.traceparent);
  return { ...event, actor, correlationId, causationId, traceparent };
}

function addChanges(tables: Tables, { accountId, workspaceId, expectedSeq, changes }: AccountBatch): void {
  if (changes.account !== null) {
    const row = changes.account;
    // prettier-ignore
    tables.accounts.add(
      accountId, workspaceId, safeText(row.name), row.broker, row.environment, safeText(row.baseCurrency),
      row.tradingState, JSON.stringify(row.limits), row.day, row.dayOpenEquity, row.peakEquity,
      JSON.stringify(row.reservedNotional), row.realizedPnl, row.seq,
    );
  }
  for (const order of changes.orders) {
    addOrder(tables, accountId, workspaceId, expectedSeq, order);
  }
  for (const fill of changes.fills) {
    // prettier-ignore
    tables.fills.add(
      fill.orderId, safeText(fill.executionId), accountId, workspaceId, fill.seq, safeText(fill.symbol), fill.side,
      fill.at, fill.price, fill.quantity, fill.fee, safeText(fill.feeCurrency), fill.liquidity, fill.busted,
    );
  }
  for (const row of changes.positions) {
    const { symbol, currency, multiplier, quantity, cost, realizedPnl } = row;
    const text = [safeText(symbol), workspaceId, safeText(currency)] as const;
    tables.positions.add(accountId, ...text, multiplier, quantity, cost, realizedPnl);
  }
  for (const { currency, total, fees, transfers } of changes.balances) {
    tables.balances.add(accountId, safeText(currency), workspaceId, total, fees, transfers);
  }
  addRareChanges(tables, accountId, workspaceId, changes);
}

/** An order that this batch creates is inserted whole; of another only its state is sent. */
function addOrder(
  tables: Tables,
  accountId: string,
  workspaceId: string,
  expectedSeq: number,
  order: OrderRow,
): void {
  const { record, status, open } = order;
  const state = stateText(record);
  if (record.firstSeq <= expectedSeq) {
    tables.orders.add(record.id, accountId, status, open, state);
    return;
  }
  // prettier-ignore
  tables.newOrders.add(
    record.id, accountId, workspaceId, safeText(record.clientOrderId), safeText(record.symbol),
    safeText(record.strategyId), record.parentId, record.firstSeq, record.createdAt, status, open,
    termsText(record), state,
  );
}

function addStrategy(tables: Tables, workspaceId: string, row: StrategyRow): void {
  // prettier-ignore
  tables.strategies.add(
    row.strategyId, row.accountId, workspaceId, safeText(row.strategy), JSON.stringify(row.symbols), row.interval,
    canonicalJson(row.config), row.status, safeText(row.error), row.startedAt, row.stoppedAt, row.realizedPnl,
    row.restarts, row.startedSeq,
  );
}

function addRareChanges(
  tables: Tables,
  accountId: string,
  workspaceId: string,
  changes: ReadModelChanges,
): void {
  for (const { orderId, executionId, fee, feeCurrency, busted } of changes.fillUpdates) {
    tables.fillUpdates.add(orderId, safeText(executionId), accountId, fee, safeText(feeCurrency), busted);
  }
  for (const { seq, at, recordedAt, severity, code, message } of changes.alerts) {
    tables.alerts.add(accountId, seq, workspaceId, at, recordedAt, severity, code, safeText(message));
  }
  for (const { seq, at, actor, action, target, details } of changes.audits) {
    const text = details === null ? null : canonicalJson(details);
    tables.audits.add(
      workspaceId,
      accountId,
      seq,
      at,
      safeText(actor),
      safeText(action),
      safeText(target),
      text,
    );
  }
  for (const row of changes.strategies) addStrategy(tables, workspaceId, row);
}
