import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { AccountState } from '../engine/account-state.ts';
import type { AuditRow, StrategyRow } from '../ports/read-model.ts';
import type { StrategyState } from '../strategies/strategy-state.ts';

/** A strategy as its account has it. */
export function strategyRow(state: AccountState, strategy: StrategyState): StrategyRow {
  const { terms, status, position } = strategy;
  let realizedPnl = 0n;
  for (const holding of strategy.holdings.values()) {
    realizedPnl += holding.currency === state.baseCurrency ? holding.realizedPnl : 0n;
  }
  return {
    strategyId: terms.strategyId,
    accountId: state.accountId,
    strategy: terms.strategy,
    symbols: terms.symbols,
    interval: terms.interval,
    config: terms.config,
    status: status === 'RUNNING' && !position.started ? 'STARTING' : status,
    error: strategy.error,
    startedAt: strategy.startedAt,
    stoppedAt: strategy.stoppedAt,
    realizedPnl: formatDecimal(realizedPnl),
    restarts: strategy.restarts,
    startedSeq: strategy.startedSeq,
  };
}

/** Starting and stopping a strategy are acts of whoever asked for them; what it does itself is not. */
export function strategyAudits({ seq, at, actor, event }: JournaledEvent): readonly AuditRow[] {
  switch (event.type) {
    case 'STRATEGY_STARTED': {
      const { strategyId: target, strategy, symbols, interval, config } = event;
      const details = { strategy, symbols, interval, config };
      return [{ seq, at, actor, action: 'startStrategy', target, details }];
    }
    case 'STRATEGY_STOPPING': {
      const { strategyId: target, cancelOpenOrders } = event;
      return [{ seq, at, actor, action: 'stopStrategy', target, details: { cancelOpenOrders } }];
    }
    default:
      return [];
  }
}
