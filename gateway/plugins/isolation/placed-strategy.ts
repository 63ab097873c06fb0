import type { HostedStrategy, OpenStrategy } from '../../../core/ports/strategy-host.ts';
import type { Isolation } from '../load-plugin.ts';
import type { AssignedOptimizer } from './strategy-protocol.ts';

/** A strategy that is to be opened, with where its code is and that of what it uses. */
export interface PlacedStrategy extends OpenStrategy {
  /** Package name or file URL of its plugin. */
  readonly specifier: string;
  readonly isolation: Isolation;
  readonly optimizers: readonly AssignedOptimizer[];
}

/** Where strategies run that have been found. */
export interface StrategyPlaces {
  /** Rejects with HostedStrategyError. */
  open(strategy: PlacedStrategy, signal: AbortSignal): Promise<HostedStrategy>;
}
