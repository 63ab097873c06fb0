import type { ClientCommand } from '../engine/command.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import { HostedStrategyError, type NeededExtension, type StrategyHost } from '../ports/strategy-host.ts';
import type { AccountActor } from '../runtime/account-actor.ts';
import { pause } from '../runtime/deadline.ts';
import { wishesOf } from './effect-commands.ts';
import type { StrategyState } from './strategy-state.ts';

/*
 * A strategy whose plugin is gone, or that of an optimizer which it uses, because somebody switched it off or started
 * this process without it, was not meant to end: it waits, and goes on from its snapshot. One whose plugin was replaced
 * begins again at once.
 */

export const isAbsent = (cause: unknown): boolean =>
  cause instanceof HostedStrategyError && ABSENCES.has(cause.code);

/** The last: this host cannot isolate it as the settings ask; another, or other settings, can. */
const ABSENCES = new Set([
  'PLUGIN_NOT_FOUND',
  'STRATEGY_OPTIMIZER_NOT_FOUND',
  'STRATEGY_SANDBOX_UNAVAILABLE',
]);

/** What has to come back; null where it is no plugin, and for any other failure. */
export const missingIn = (cause: unknown): NeededExtension | null =>
  cause instanceof HostedStrategyError ? cause.missing : null;

/** Its plugin, or one that it uses, has other code or settings now: no failure of the strategy. */
export const isReplaced = (cause: unknown): boolean =>
  cause instanceof HostedStrategyError && cause.code === 'PLUGIN_REPLACED';

/** What ends a strategy that is to stop and cannot be asked for its last wishes. */
export function commandsWithoutPlugin(
  { state }: AccountActor,
  strategy: StrategyState,
  ids: Ids,
): readonly ClientCommand[] {
  const { strategyId } = strategy.terms;
  const end: ClientCommand = { kind: 'endStrategy', strategyId, status: 'STOPPED', error: null };
  if (state === null || !strategy.cancelOpenOrders) return [end];
  const context = { state, strategy, step: strategy.step, timers: {}, ids };
  return [...wishesOf([], context, true).commands, end];
}

/** Resolves after `ms`, or before: when a plugin has what is missing, or when the signal is aborted. */
export async function untilPresent(
  host: StrategyHost,
  missing: NeededExtension | null,
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const waits = [pause(clock, ms, either)];
  if (missing !== null && host.whenThere !== undefined) waits.push(host.whenThere(missing, either));
  await Promise.race(waits).finally(() => {
    over.abort();
  });
}
