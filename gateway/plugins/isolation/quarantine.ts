import type { StrategyOwner } from '../../../core/ports/strategy-host.ts';
import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';

export interface QuarantineOptions {
  readonly crashes: number;
  readonly withinMs: number;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** A strategy, of whichever instance, in a workspace. */
export interface Suspect {
  readonly owner: Pick<StrategyOwner, 'workspaceId'>;
  readonly strategy: string;
  readonly strategyId: string;
}

interface Record {
  readonly crashes: number[];
  /** Instances that were there when the last crash was counted. */
  readonly instances: Set<string>;
  last: string;
}

/**
 * Counts what goes wrong with a strategy in a workspace. With too much of it none of its instances begins again
 * by itself; one that somebody starts anew does, and clears the record.
 */
export class Quarantine {
  private readonly options: QuarantineOptions;
  private readonly records = new Map<string, Record>();

  constructor(options: QuarantineOptions) {
    this.options = options;
  }

  crashed(suspect: Suspect, why: string): void {
    const record = this.records.get(keyOf(suspect)) ?? { crashes: [], instances: new Set(), last: '' };
    record.crashes.push(this.options.now());
    record.crashes.splice(0, record.crashes.length - this.options.crashes);
    record.instances.add(suspect.strategyId);
    record.last = why;
    this.records.set(keyOf(suspect), record);
  }

  /** Throws HostedStrategyError (STRATEGY_QUARANTINED) for an instance that may not begin again. */
  admit(suspect: Suspect): void {
    const record = this.records.get(keyOf(suspect));
    if (record === undefined || !this.isQuarantined(record)) return;
    if (!record.instances.has(suspect.strategyId)) {
      this.records.delete(keyOf(suspect));
      return;
    }
    const { crashes, withinMs } = this.options;
    throw new HostedStrategyError(
      'STRATEGY_QUARANTINED',
      `STRATEGY_QUARANTINED: ${suspect.strategy} crashed ${String(crashes)} times within ${String(withinMs / 60_000)} ` +
        `minutes, at last because ${record.last}. It is not started again by itself: look into its cause, and start it anew`,
      { isHopeless: true },
    );
  }

  private isQuarantined({ crashes: [first = 0, ...others] }: Record): boolean {
    const { crashes, now, withinMs } = this.options;
    return others.length + 1 >= crashes && now() - first <= withinMs;
  }
}

const keyOf = ({ owner, strategy }: Suspect): string => `${owner.workspaceId}/${strategy}`;
