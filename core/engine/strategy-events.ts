import type { StrategyEvent } from '../strategies/strategy-event.ts';
import type { DomainEvent } from './account-event.ts';

export const isStrategyEvent = (event: DomainEvent): event is StrategyEvent =>
  event.type.startsWith('STRATEGY_');
