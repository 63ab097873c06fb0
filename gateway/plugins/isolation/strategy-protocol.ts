import type { Bar, InstrumentView, StrategyInputs, StrategyRun } from '@omniquant/plugin-sdk';
import type { SavedStrategy, StrategyStep } from '@omniquant/plugin-sdk/strategy-instance';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import type { PackedInputs } from './packed-inputs.ts';

/*
 * What a gateway and the worker of a strategy say to each other: plain data, copied. Each request has a
 * number and gets one answer; the worker says nothing of its own but that it is ready.
 */

/** An optimizer that a strategy uses, ready to be imported where the strategy runs. */
export interface AssignedOptimizer {
  /** The strategy's name for it. */
  readonly name: string;
  /** Package name or file URL of its plugin. */
  readonly specifier: string;
  readonly id: string;
  /** Checked, with its defaults. */
  readonly config: unknown;
}

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
  readonly optimizers: readonly AssignedOptimizer[];
}

/** As a thread is started with it. */
export interface ThreadAssignment {
  readonly assignment: StrategyAssignment;
  /** Memory of its GoOnSignal. */
  readonly goOn: SharedArrayBuffer;
  /** Memory of its AnswerSlot. */
  readonly answers: SharedArrayBuffer;
}

export type StrategyRequest =
  | { readonly kind: 'warm'; readonly bars: readonly Bar[] }
  | {
      readonly kind: 'run';
      /** How many inputs of the last run, which were not taken then, come first: they are not sent again. */
      readonly kept: number;
      /** What comes after them. */
      readonly inputs: PackedInputs;
      readonly portfolio: PortfolioData | null;
      readonly save: boolean;
    }
  /** A run with those inputs that it has and did not take, and the portfolio as it was. */
  | { readonly kind: 'goOn'; readonly save: boolean }
  /** Nothing but whether it still answers. */
  | { readonly kind: 'ping' };

export interface NumberedRequest {
  readonly id: number;
  readonly request: StrategyRequest;
}

/**
 * Of the answer to a request. A thread sends what is saved as its JSON text, which crosses in one piece and is what is
 * kept; what a process saved is looked at first.
 */
export type StrategyAnswer =
  (Omit<StrategyStep, 'saved'> & { readonly saved: SavedStrategy | string | null }) | null;

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export type FromStrategy =
  | { readonly kind: 'ready'; readonly inputs: Required<StrategyInputs>; readonly remembers: boolean }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: StrategyAnswer }
  | { readonly kind: 'failed'; readonly id: number | null; readonly failure: Failure };
