import type { Telling } from '../strategies/effect-commands.ts';
import type { BacktestLog } from './backtest-result.ts';

/** Logs that a result holds; a strategy that says something at every bar has its first thousand. */
const MOST_LOGS = 1_000;

/** What a strategy logs and measures. */
export class StrategyLog {
  readonly logs: BacktestLog[] = [];
  dropped = 0;
  readonly metrics = new Map<string, number>();

  tell(telling: Telling, at: number): void {
    if (telling.type === 'metric') {
      this.metrics.set(telling.name, telling.value);
    } else if (this.logs.length < MOST_LOGS) {
      const { data, level, message } = telling;
      this.logs.push({ at, level, message, data });
    } else {
      this.dropped += 1;
    }
  }

  save() {
    return { logs: [...this.logs], dropped: this.dropped, metrics: [...this.metrics] };
  }

  restore({ dropped, logs, metrics }: ReturnType<StrategyLog['save']>): void {
    this.logs.push(...logs);
    this.dropped = dropped;
    for (const [name, value] of metrics) this.metrics.set(name, value);
  }
}
