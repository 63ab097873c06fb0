import type { Bar, InstrumentView, StrategyEffect, StrategyInputs } from '@omniquant/plugin-sdk';
import type { SavedStrategy, StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
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

/** What came of inputs. */
export interface HostedStep {
  /** How many inputs were taken; the rest is to be given again, after the effects. */
  readonly taken: number;
  /** Of the last input that was taken; those before it had none. */
  readonly effects: readonly StrategyEffect[];
  /**
   * JSON text of a SavedStrategy, to be kept with the effects: made where the strategy is, or when it is asked for. Null
   * where there are no effects and it was not wanted.
   */
  readonly saved: (() => string) | null;
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
  run(inputs: readonly StrategyInput[], portfolio: PortfolioData | null, save: boolean): Promise<HostedStep>;
  /** Gives up what is under way. */
  close(): Promise<void>;
}

/** Of a plugin that a strategy cannot do without: its own, or one that it uses. */
export interface NeededExtension {
  readonly kind: 'strategy' | 'optimizer';
  readonly id: string;
}

/** Why a strategy cannot be run, or not any more. */
export class HostedStrategyError extends Error {
  /** "STRATEGY_…" or "PLUGIN_…". */
  readonly code: string;
  /** Beginning again would end the same way: the plugin is not there, its parameters are wrong. */
  readonly isHopeless: boolean;
  /** No plugin in use has it; null: nothing is missing. */
  readonly missing: NeededExtension | null;

  constructor(
    code: string,
    message: string,
    {
      isHopeless = false,
      missing = null,
      ...options
    }: ErrorOptions & { readonly isHopeless?: boolean; readonly missing?: NeededExtension | null } = {},
  ) {
    super(message, options);
    this.name = 'HostedStrategyError';
    this.code = code;
    this.isHopeless = isHopeless;
    this.missing = missing;
  }
}

/** Where strategies run. */
export interface StrategyHost {
  /** Rejects with HostedStrategyError. */
  open(strategy: OpenStrategy, signal: AbortSignal): Promise<HostedStrategy>;
  /**
   * Resolves when a plugin has the extension, at once if one does, or when the signal is aborted. Left out where
   * plugins neither come nor go.
   */
  whenThere?(extension: NeededExtension, signal: AbortSignal): Promise<void>;
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
