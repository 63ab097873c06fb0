import type { StrategyNotice } from '../../core/ports/bus.ts';
import type { StrategyRow } from '../../core/ports/read-model.ts';
import type { Strategy, StrategyEvent } from './strategy.type.ts';

export function toStrategy({ strategyId, startedSeq: _, ...row }: StrategyRow): Strategy {
  return { id: strategyId, ...row };
}

export function toStrategyEvent({ at, level, message, data }: StrategyNotice): StrategyEvent {
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  if (isObject) return { at, level, message, data: data as Readonly<Record<string, unknown>> };
  return { at, level, message, data: data === null ? null : { value: data } };
}
