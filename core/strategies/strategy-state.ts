import type { Position } from '../portfolio/position.ts';
import type { StrategyPosition, StrategyTerms } from './strategy-event.ts';

export type StrategyStatus = 'RUNNING' | 'STOPPING' | 'STOPPED' | 'FAILED';

/** A strategy on an account, folded from the account's journal. */
export interface StrategyState {
  readonly terms: StrategyTerms;
  status: StrategyStatus;
  error: string | null;
  /** Journal sequence of its start. */
  readonly startedSeq: number;
  /** Wall time, epoch ms. */
  readonly startedAt: number;
  stoppedAt: number | null;
  restarts: number;
  /** Of a strategy that is stopping. */
  cancelOpenOrders: boolean;
  /** Number of the last committed step; 0 before the first. */
  step: number;
  position: StrategyPosition;
  /** What it goes on from, as JSON text; null before the first step. */
  saved: string | null;
  /** Its own names of its orders, by order id, as long as they are in memory. */
  readonly refs: Map<string, string>;
  /**
   * What its own orders have opened, by symbol. A bust is booked as the opposite fill, so that quantity and
   * total are exact; how the total falls into realised and unrealised may then differ from the account's.
   */
  readonly holdings: Map<string, Position>;
}

export const NOT_BEGUN: StrategyPosition = { started: false, seq: 0, half: null, bars: {}, timers: {} };

export const isRunning = ({ status }: Pick<StrategyState, 'status'>): boolean =>
  status === 'RUNNING' || status === 'STOPPING';
