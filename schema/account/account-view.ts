import type { Decimal } from '@omniquant/plugin-sdk';
import {
  divide,
  type Fixed,
  formatDecimal,
  max,
  multiply,
  parseDecimal,
} from '@omniquant/plugin-sdk/decimal';

import {
  buyingPower,
  dailyPnl,
  drawdown,
  holdingsOfRows,
  leverage,
  type PositionValue,
  sumInCurrency,
  valueHoldings,
} from '../../core/portfolio/valuation.ts';
import type { AccountView } from '../../core/ports/order-reader.ts';
import type { PositionRow } from '../../core/ports/read-model.ts';
import type { Account } from './account.type.ts';
import type { AccountPrices } from './account-service.ts';
import type { Balance, Position } from './holdings.type.ts';

const text = (value: Fixed | null): Decimal | null => (value === null ? null : formatDecimal(value));
const fixed = (value: Decimal | null): Fixed | null => (value === null ? null : parseDecimal(value));

/** An account valued at the prices of the moment. Throws DecimalError for rows that hold no decimals. */
export function toAccount(view: AccountView, prices: AccountPrices): Account {
  const { account } = view;
  const holdings = holdingsOfRows(view);
  const valuation = valueHoldings(holdings, prices.pricing);
  const { equity } = valuation;
  const reserved = sumInCurrency(holdings.reserved, account.baseCurrency, prices.pricing);
  const { buyingPowerMultiplier } = prices;
  return {
    id: account.accountId,
    workspaceId: account.workspaceId,
    name: account.name,
    broker: account.broker,
    environment: account.environment,
    baseCurrency: account.baseCurrency,
    tradingState: account.tradingState,
    cash: formatDecimal(holdings.cash.get(account.baseCurrency) ?? 0n),
    balances: [...holdings.cash].map(([currency, total]) =>
      toBalance(currency, total, holdings.reserved.get(currency) ?? 0n),
    ),
    equity: text(equity),
    buyingPower:
      buyingPowerMultiplier === null ? null : text(buyingPower(valuation, reserved, buyingPowerMultiplier)),
    grossExposure: text(valuation.grossExposure),
    leverage: text(leverage(valuation)),
    realizedPnl: account.realizedPnl,
    unrealizedPnl: text(valuation.unrealizedPnl),
    dailyPnl: text(dailyPnl(equity, fixed(account.dayOpenEquity))),
    drawdown: text(drawdown(equity, fixed(account.peakEquity))),
    positions: view.positions.map((row) => toPosition(row, valuation.positions.get(row.symbol))),
    limits: account.limits,
  };
}

function toBalance(currency: string, total: Fixed, reserved: Fixed): Balance {
  return { currency, total: formatDecimal(total), available: formatDecimal(max(total - reserved, 0n)) };
}

function toPosition(row: PositionRow, value: PositionValue | undefined): Position {
  const units = multiply(parseDecimal(row.quantity), parseDecimal(row.multiplier));
  return {
    symbol: row.symbol,
    quantity: row.quantity,
    averagePrice: units === 0n ? null : formatDecimal(divide(parseDecimal(row.cost), units)),
    marketPrice: text(value?.price ?? null),
    marketValue: text(value?.marketValue ?? null),
    unrealizedPnl: text(value?.unrealizedPnl ?? null),
    realizedPnl: row.realizedPnl,
  };
}
