import type { StrategyHost } from '../../../core/ports/strategy-host.ts';
import type { StrategyPlaces } from '../../../gateway/plugins/isolation/placed-strategy.ts';
import type { AssignedOptimizer } from '../../../gateway/plugins/isolation/strategy-protocol.ts';

/** Runs every strategy as one of this plugin, with these optimizers. */
export const placedAt = (
  places: StrategyPlaces,
  specifier: string,
  optimizers: readonly AssignedOptimizer[] = [],
): StrategyHost => ({
  open: (strategy, signal) =>
    places.open({ ...strategy, specifier, optimizers, isolation: 'worker' }, signal),
});
