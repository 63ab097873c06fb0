import type { Bar, InstrumentView, StrategyInputs } from '@omniquant/plugin-sdk';
import type { SavedStrategy, StrategyInput, StrategyStep } from '@omniquant/plugin-sdk/strategy-instance';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import type { StrategyTerms } from '../strategies/strategy-event.ts';

/** Who a strategy runs for: what is isolated from each other. */
export interface StrategyOwner {
  readonly workspaceId: string;
  readonly accountId: string;
}

export interface OpenStrategy {
  readonly owner: StrategyOwner;
  readonly terms: StrategyTerms;
  readonly instruments: readonly InstrumentView[];
  /** Null: it begins. */
  readonly saved: SavedStrategy | null;
}

/** A strategy that is somewhere: in a worker, in another process, in this one. */
export interface HostedStrategy {
  /** What it wants to be given. */
  readonly inputs: Required<StrategyInputs>;
  /** Whether it has a memory of its own; one without is warmed up anew after a restart. */
  readonly remembers: boolean;
  /** Rejects with HostedStrategyError when it has died, in the middle of something or not. */
  readonly died: Promise<never>;
  /** Bars of before its time: what it wishes then is not heard. */
  warm(bars: readonly Bar[]): Promise<void>;
  /**
   * Takes inputs up to the first that has effects, or to the last; `saved` is there with effects, and when
   * it is asked for. `portfolio` null: as it was. Rejects with HostedStrategyError; nothing has been taken then.
   */
  run(
    inputs: readonly StrategyInput[],
    portfolio: PortfolioData | null,
    save: boolean,
  ): Promise<StrategyStep>;
  /** Gives up what is under way. */
  close(): Promise<void>;
}

/** Why a strategy cannot be run, or not any more. */
export class HostedStrategyError extends Error {
  /** "STRATEGY_…" or "PLUGIN_…". */
  readonly code: string;
  /** Beginning again would end the same way: the plugin is not there, its parameters are wrong. */
  readonly isHopeless: boolean;

  constructor(code: string, message: string, options?: ErrorOptions & { readonly isHopeless?: boolean }) {
    super(message, options);
    this.name = 'HostedStrategyError';
    this.code = code;
    this.isHopeless = options?.isHopeless ?? false;
  }
}

/** Where strategies run. */
export interface StrategyHost {
  /** Rejects with HostedStrategyError. */
  open(strategy: OpenStrategy, signal: AbortSignal): Promise<HostedStrategy>;
}

/** Where no strategy can run. */
export const NO_STRATEGY_HOST: StrategyHost = {
  open: ({ terms }) =>
    Promise.reject(
      new HostedStrategyError('PLUGIN_NOT_FOUND', `strategy ${terms.strategy}: no loaded plugin has it`, {
        isHopeless: true,
      }),
    ),
};
