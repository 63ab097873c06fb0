import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { createPricing } from '../portfolio/pricing.ts';
import { worthOf } from '../portfolio/valuation.ts';
import type { BacktestAccount } from './backtest-account.ts';
import type { BacktestBenchmarkPoint, BacktestEquityPoint } from './backtest-result.ts';
import type { TradedSymbol } from './traded-symbol.ts';

/** What the account and the benchmark were worth at the ends of days. */
export class EquityLog {
  readonly points: BacktestEquityPoint[] = [];
  readonly benchmark: BacktestBenchmarkPoint[] = [];
  private readonly account: BacktestAccount;
  private readonly index: TradedSymbol | null;

  constructor(account: BacktestAccount, index: TradedSymbol | null) {
    this.account = account;
    this.index = index;
  }

  /** Null while a price or rate that it takes is not known. */
  now(at: number): BacktestEquityPoint | null {
    const { ctx, state } = this.account;
    const { cash, equity, grossExposure } = worthOf(state, createPricing(ctx.market, ctx.wall, Infinity));
    if (cash === null || equity === null || grossExposure === null) return null;
    return {
      at,
      equity: formatDecimal(equity),
      cash: formatDecimal(cash),
      grossExposure: formatDecimal(grossExposure),
    };
  }

  benchmarkNow(at: number): BacktestBenchmarkPoint | null {
    const value = this.index?.worth() ?? null;
    return value === null ? null : { at, value: formatDecimal(value) };
  }

  take(at: number): void {
    const point = this.now(at);
    if (point !== null) this.points.push(point);
    this.takeBenchmark(at);
  }

  takeBenchmark(at: number): void {
    const point = this.benchmarkNow(at);
    if (point !== null) this.benchmark.push(point);
  }

  save() {
    return { points: [...this.points], benchmark: [...this.benchmark] };
  }

  restore({ benchmark, points }: ReturnType<EquityLog['save']>): void {
    this.points.push(...points);
    this.benchmark.push(...benchmark);
  }
}
