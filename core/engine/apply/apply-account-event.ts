import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountEvent, FlowMarks, JournaledEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import { addTo, positionFor } from './money.ts';

type Of<T extends AccountEvent['type']> = Extract<AccountEvent, { type: T }>;

/** Key of a mismatch in the state: the symbol, or the currency of a cash difference. */
export const mismatchKey = (symbol: string | null, currency: string | null): string =>
  symbol ?? `cash:${currency ?? ''}`;

const open = (state: AccountState, event: Of<'ACCOUNT_OPENED'>): void => {
  state.workspaceId = event.workspaceId;
  state.name = event.name;
  state.broker = event.broker;
  state.environment = event.environment;
  state.baseCurrency = event.baseCurrency;
  state.limits = event.limits;
};

const changeTradingState = (state: AccountState, event: Of<'TRADING_STATE_CHANGED'>): void => {
  state.tradingState = event.state;
  state.tradingStateSource = event.source;
  state.tradingStateReason = event.reason;
  // Each rule halts once for a day or a peak; an operator who lifts it answers for the rest of it.
  if (event.state === 'ACTIVE') return;
  if (event.source === 'DAILY_LOSS') state.dailyLossDay = state.day;
  if (event.source === 'DRAWDOWN') state.drawdownPeak = state.peakEquity;
};

/** Neither a gain nor a loss: the marks that losses are measured from move along. */
const moveMarks = (state: AccountState, marks: FlowMarks | null): void => {
  if (marks === null) return;
  if (marks.dayOpenEquity !== null) state.dayOpenEquity = parseDecimal(marks.dayOpenEquity);
  if (marks.peakEquity === null) return;
  const peak = parseDecimal(marks.peakEquity);
  // It is the same peak: whoever has lifted the halt that it led to is not overruled.
  if (state.drawdownPeak !== null && state.drawdownPeak === state.peakEquity) state.drawdownPeak = peak;
  state.peakEquity = peak;
};

const bookTransfer = (state: AccountState, event: Of<'TRANSFER_BOOKED'>): void => {
  if (state.transferReferences.has(event.reference)) return;
  state.transferReferences.add(event.reference);
  const amount = parseDecimal(event.amount);
  addTo(state.cash, event.currency, amount);
  addTo(state.transfers, event.currency, amount);
  moveMarks(state, event.marks);
};

/** The broker's figure taken over: what changes in value by it came or went without a trade, a transfer. */
const adopt = (state: AccountState, event: Of<'MISMATCH_CLEARED'>): void => {
  const { symbol, currency, resolution } = event;
  if (resolution === null) return;
  moveMarks(state, resolution.marks);
  const adopted = parseDecimal(resolution.adoptedQuantity);
  if (symbol === null) {
    if (currency === null) return;
    const difference = adopted - (state.cash.get(currency) ?? 0n);
    addTo(state.cash, currency, difference);
    addTo(state.transfers, currency, difference);
    return;
  }
  if (resolution.position === null) return;
  const { position: given } = resolution;
  const position = positionFor(state, symbol, {
    currency: given.currency,
    multiplier: parseDecimal(given.multiplier),
  });
  const cost = parseDecimal(given.cost);
  addTo(state.transfers, position.currency, cost - position.cost);
  position.quantity = adopted;
  position.cost = cost;
};

/** Everything in an account's journal that is not an order's. FEE_CHARGED goes with the orders. */
export const applyAccountEvent = (
  state: AccountState,
  { at }: JournaledEvent,
  event: Exclude<AccountEvent, { type: 'FEE_CHARGED' }>,
): void => {
  switch (event.type) {
    case 'ACCOUNT_OPENED':
      open(state, event);
      return;
    case 'LIMITS_CHANGED':
      state.limits = event.limits;
      return;
    case 'TRADING_STATE_CHANGED':
      changeTradingState(state, event);
      return;
    case 'TRANSFER_BOOKED':
      bookTransfer(state, event);
      return;
    case 'FILLS_SYNCED':
      state.fillCursor = event.cursor;
      return;
    case 'DAY_OPENED':
      state.day = event.day;
      state.dayOpenEquity = parseDecimal(event.equity);
      return;
    case 'EQUITY_PEAKED':
      state.peakEquity = parseDecimal(event.equity);
      state.peakedAt = at;
      return;
    case 'MISMATCH_FOUND':
      state.mismatches.set(mismatchKey(event.symbol, event.currency), {
        symbol: event.symbol,
        currency: event.currency,
        ours: parseDecimal(event.ours),
        theirs: parseDecimal(event.theirs),
        since: state.mismatches.get(mismatchKey(event.symbol, event.currency))?.since ?? at,
      });
      return;
    case 'MISMATCH_CLEARED':
      state.mismatches.delete(mismatchKey(event.symbol, event.currency));
      adopt(state, event);
      return;
    case 'ENTRIES_BLOCKED':
      state.entryBlocks.add(event.cause);
      return;
    case 'ENTRIES_UNBLOCKED':
      state.entryBlocks.delete(event.cause);
      return;
    case 'RISK_ALERT':
    case 'OPERATOR_ACTED':
  }
};
