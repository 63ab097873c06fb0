import type { BarInterval, Json } from '@omniquant/plugin-sdk';

/** What a strategy was started with, and keeps for its life. */
export interface StrategyTerms {
  readonly strategyId: string;
  /** Extension id, such as "sma-cross". */
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly interval: BarInterval;
  /** Checked, with defaults filled in. */
  readonly config: { readonly [key: string]: Json | undefined };
  readonly seed: string;
}

/** How far a strategy's inputs have been taken. */
export interface StrategyPosition {
  /** Whether it has begun: `onStart` is called once. */
  readonly started: boolean;
  /** Journal sequence up to which events of its orders were given. */
  readonly seq: number;
  /** Of an event after that whose fill was given, and not yet what became of its order; null: none. */
  readonly half: number | null;
  /** Start of the last closed bar, by "symbol/interval". */
  readonly bars: Readonly<Record<string, number>>;
  /** Market time at which each timer is due, by name. */
  readonly timers: Readonly<Record<string, number>>;
}

export type StrategyEvent =
  | ({ readonly type: 'STRATEGY_STARTED' } & StrategyTerms)
  /**
   * A step was taken: what it wished is in the events beside it, in the same commit. `saved` is what the
   * strategy goes on from, as JSON text.
   */
  | {
      readonly type: 'STRATEGY_STEPPED';
      readonly strategyId: string;
      /** From 1, without holes. */
      readonly step: number;
      readonly position: StrategyPosition;
      readonly saved: string;
      /** Orders of this step by the strategy's own names. */
      readonly refs: readonly (readonly [orderId: string, ref: string])[];
    }
  /** It failed, and begins again from what was last saved. */
  | { readonly type: 'STRATEGY_RESTARTED'; readonly strategyId: string; readonly error: string }
  | { readonly type: 'STRATEGY_STOPPING'; readonly strategyId: string; readonly cancelOpenOrders: boolean }
  | {
      readonly type: 'STRATEGY_ENDED';
      readonly strategyId: string;
      readonly status: 'STOPPED' | 'FAILED';
      readonly error: string | null;
    };
