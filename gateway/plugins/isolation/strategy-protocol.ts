import type { Bar, InstrumentView, StrategyInputs, StrategyRun } from '@omniquant/plugin-sdk';
import type { SavedStrategy, StrategyStep } from '@omniquant/plugin-sdk/strategy-instance';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import type { PackedInputs } from './packed-inputs.ts';

/*
 * What a gateway and the worker of a strategy say to each other: plain data, copied. Each request has a
 * number and gets one answer; the worker says nothing of its own but that it is ready.
 */

/** What a worker is started with. */
export interface StrategyAssignment {
  /** Package name or file URL of the plugin. */
  readonly specifier: string;
  readonly strategy: string;
  readonly config: unknown;
  readonly run: StrategyRun;
  readonly seed: string;
  readonly instruments: readonly InstrumentView[];
  readonly saved: SavedStrategy | null;
}

export type StrategyRequest =
  | { readonly kind: 'warm'; readonly bars: readonly Bar[] }
  | {
      readonly kind: 'run';
      /** How many inputs of the last run, which were not taken then, come first: they are not sent again. */
      readonly kept: number;
      readonly inputs: PackedInputs;
      readonly portfolio: PortfolioData | null;
      readonly save: boolean;
    }
  /** Nothing but whether it still answers. */
  | { readonly kind: 'ping' };

export interface NumberedRequest {
  readonly id: number;
  readonly request: StrategyRequest;
}

/** Of the answer to a request. */
export type StrategyAnswer = StrategyStep | null;

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export type FromStrategy =
  | { readonly kind: 'ready'; readonly inputs: Required<StrategyInputs>; readonly remembers: boolean }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: StrategyAnswer }
  | { readonly kind: 'failed'; readonly id: number | null; readonly failure: Failure };
