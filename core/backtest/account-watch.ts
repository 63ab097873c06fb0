import type { BacktestSettings } from './backtest-spec.ts';
import type { TradingFloor } from './trading-floor.ts';

/** What prices alone may make the account do: limits of losses halt it, and its margin may be called. */
export class AccountWatch {
  private readonly hasLossLimits: boolean;
  private readonly hasMargin: boolean;

  constructor({ limits, maintenanceMargin = null }: BacktestSettings) {
    this.hasLossLimits = limits.maxDailyLoss !== null || limits.maxDrawdown !== null;
    this.hasMargin = maintenanceMargin !== null;
  }

  /** Prices have moved. */
  look({ account, carrying, driver }: TradingFloor, at: number): void {
    if (this.hasLossLimits && account.state.positions.size > 0) {
      account.run({ kind: 'marketMoved', symbols: [] }, 'gateway');
    }
    const call = this.hasMargin ? carrying.marginCall() : null;
    if (call !== null) driver.log.tell({ type: 'log', level: 'WARN', message: call, data: null }, at);
  }
}
