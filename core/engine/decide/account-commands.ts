import type { Decimal } from '@omniquant/plugin-sdk';
import { tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { RiskLimits } from '../../risk/limits.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { ClientCommand } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import { CommandError, type Decision } from '../decision.ts';
import { isOpened } from '../initial-state.ts';
import { cancelAllEvents } from './cancel-orders.ts';
import { DONE, done } from './results.ts';

type Of<K extends ClientCommand['kind']> = Extract<ClientCommand, { kind: K }>;

/** Reference of the transfer that a new account begins with; a venue that credits the same repeats nothing. */
export const STARTING_CASH_REFERENCE = 'starting-cash';

const AMOUNT_LIMITS = [
  'maxPositionNotional',
  'maxOrderNotional',
  'maxLeverage',
  'maxConcentration',
  'maxDrawdown',
  'maxDailyLoss',
  'priceCollar',
] as const satisfies readonly (keyof RiskLimits)[];

const COUNT_LIMITS = ['maxOpenOrders', 'maxOrdersPerSecond'] as const satisfies readonly (keyof RiskLimits)[];

/** The rate rule remembers this many submissions. */
export const HIGHEST_ORDER_RATE = 1_000;

const wrongLimit = (name: keyof RiskLimits, message: string): CommandError =>
  new CommandError('BAD_USER_INPUT', `${name} ${message}`, `limits.${name}`);

/** Throws CommandError BAD_USER_INPUT naming the limit. */
export const checkLimits = (limits: Partial<RiskLimits>): void => {
  for (const name of AMOUNT_LIMITS) {
    const limit = limits[name];
    if (limit === undefined || limit === null) continue;
    const value = tryParseDecimal(limit);
    if (value === undefined || value < 0n) {
      throw wrongLimit(name, 'is a decimal from 0, or null for no limit');
    }
  }
  for (const name of COUNT_LIMITS) {
    const limit = limits[name];
    if (limit === undefined || limit === null) continue;
    if (!Number.isSafeInteger(limit) || limit < 0) {
      throw wrongLimit(name, 'is a whole number from 0, or null');
    }
  }
  if ((limits.maxOrdersPerSecond ?? 0) > HIGHEST_ORDER_RATE) {
    throw wrongLimit('maxOrdersPerSecond', `is at most ${HIGHEST_ORDER_RATE}, or null for no limit`);
  }
};

/** Losses count from the first order on, not from when the account is first looked at. */
const firstMarks = (equity: Decimal, { market, now }: DecideContext): readonly DomainEvent[] => [
  // Before market time is known there is no day.
  ...(now === 0
    ? []
    : [{ type: 'DAY_OPENED', day: market.tradingDay(now), equity, previous: null } as const]),
  { type: 'EQUITY_PEAKED', equity },
];

/** Opening again what is open changes nothing. Throws CommandError for bad input. */
export const decideOpenAccount = (
  state: AccountState,
  command: Of<'openAccount'>,
  ctx: DecideContext,
): Decision => {
  if (isOpened(state)) return DONE;
  checkLimits(command.limits);
  const { startingCash, baseCurrency } = command;
  const cash = startingCash === null ? 0n : tryParseDecimal(startingCash);
  if (cash === undefined || cash < 0n) {
    throw new CommandError('BAD_USER_INPUT', 'startingCash is a decimal from 0', 'startingCash');
  }
  const opened: DomainEvent = {
    type: 'ACCOUNT_OPENED',
    accountId: command.accountId,
    workspaceId: command.workspaceId,
    name: command.name,
    broker: command.broker,
    environment: command.environment,
    baseCurrency,
    limits: command.limits,
  };
  if (startingCash === null || cash === 0n) return done([opened]);
  return done([
    opened,
    {
      type: 'TRANSFER_BOOKED',
      reference: STARTING_CASH_REFERENCE,
      currency: baseCurrency,
      amount: startingCash,
      reason: 'starting cash',
      marks: null,
    },
    ...firstMarks(startingCash, ctx),
  ]);
};

/** What is left out stays. Throws CommandError BAD_USER_INPUT naming the limit. */
export const decideSetRiskLimits = (state: AccountState, command: Of<'setRiskLimits'>): Decision => {
  checkLimits(command.limits);
  const limits: RiskLimits = { ...state.limits, ...command.limits };
  const acted: DomainEvent = {
    type: 'OPERATOR_ACTED',
    action: 'setRiskLimits',
    target: null,
    reason: '',
    details: { ...command.limits },
  };
  return done([{ type: 'LIMITS_CHANGED', limits }, acted]);
};

export const decideSetTradingState = (state: AccountState, command: Of<'setTradingState'>): Decision => {
  const { source, reason, cancelOpenOrders } = command;
  const events: DomainEvent[] = [{ type: 'TRADING_STATE_CHANGED', state: command.state, source, reason }];
  if (source === 'OPERATOR') {
    const details = { state: command.state, previous: state.tradingState, cancelOpenOrders };
    events.push({ type: 'OPERATOR_ACTED', action: 'setTradingState', target: null, reason, details });
  }
  if (cancelOpenOrders) events.push(...cancelAllEvents(state, null, reason));
  return done(events);
};
