import { divide, type Fixed, formatDecimal, toNumber } from '../../decimal.ts';
import { seedOf } from '../../random.ts';
import type { ReplayedFill, ReplayedOrder, ReplayStatistics } from '../replay-result.ts';
import type { PaperAccount } from './account.ts';

export interface EquitySample {
  readonly at: number;
  readonly equity: Fixed;
  readonly isInvested: boolean;
}

/** `samples` begins with the start. */
export function statisticsOf(account: PaperAccount, samples: readonly EquitySample[]): ReplayStatistics {
  const wins = account.trades.filter((pnl) => pnl > 0n).length;
  const losses = account.trades.filter((pnl) => pnl < 0n).length;
  const [start, ...later] = samples;
  const first = start?.equity ?? 0n;
  const invested = later.filter(({ isInvested }) => isInvested).length;
  return {
    trades: account.trades.length,
    wins,
    losses,
    winRate: wins + losses === 0 ? null : wins / (wins + losses),
    totalReturn: change(first, account.equity),
    maxDrawdown: maxDrawdown(samples),
    exposure: later.length === 0 ? 0 : invested / later.length,
    fees: formatDecimal(account.fees),
    realizedPnl: formatDecimal(account.realized),
    finalCash: formatDecimal(account.cash),
    finalEquity: formatDecimal(account.equity),
    equityCurve: samples.map(({ at, equity }) => ({ at, equity: formatDecimal(equity) })),
  };
}

/** 0 where there was nothing to grow from. */
const change = (from: Fixed, to: Fixed): number => (from <= 0n ? 0 : toNumber(divide(to - from, from)));

/** The starting equity is the first peak. */
const maxDrawdown = (samples: readonly EquitySample[]): number => {
  let peak = 0n;
  let worst = 0;
  for (const { equity } of samples) {
    if (equity > peak) peak = equity;
    worst = Math.min(worst, change(peak, equity));
  }
  return worst;
};

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** Two 32-bit FNV-1a hashes from different beginnings over orders and fills as JSON. */
export function hashOf(orders: readonly ReplayedOrder[], fills: readonly ReplayedFill[]): string {
  const text = JSON.stringify([orders, fills]);
  return hex(seedOf('orders', text)) + hex(seedOf('fills', text));
}
