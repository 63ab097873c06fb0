import type { Bus } from '../ports/bus.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from '../runtime/account-actor.ts';
import type { Telling } from './effect-commands.ts';

/** Makes known what a strategy says: to whoever follows it, in whichever process, and as a metric. */
export function createStrategyNotices(
  bus: Bus,
  telemetry: Telemetry,
  now: (actor: AccountActor) => number,
): (actor: AccountActor, strategyId: string, telling: Telling) => void {
  return (actor, strategyId, telling) => {
    const { accountId, workspaceId } = actor.entry;
    if (telling.type === 'metric') {
      telemetry.gauge('strategy_metric', telling.value, { strategy: strategyId, name: telling.name });
      return;
    }
    const { level, message, data } = telling;
    bus.publish('strategyEvent', {
      ...{ accountId, workspaceId, strategyId, level, message, data },
      at: now(actor),
    });
  };
}
