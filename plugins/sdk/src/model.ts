import type { Static, TSchema } from '@sinclair/typebox';

import type { Json } from './strategy-effects.ts';

/**
 * What one sample looks like: `steps` points in time, oldest first, of so many named features. A sample is one flat
 * row, `steps` x `names.length` long: all features of the first step, then all of the next. Most models take one
 * step.
 * @example
 * ```ts
 * const features: FeatureShape = { names: ['return-1d', 'volume-z'], steps: 2 };
 * const sample = [0.01, -0.4, -0.002, 1.3];
 * ```
 */
export interface FeatureShape {
  /** Each once, at least one. */
  readonly names: readonly string[];
  /** From 1. */
  readonly steps: number;
}

/**
 * What a model learns from: samples in order of time, oldest first. Units are the author's: floats, on any scale.
 * @see {@link trainingDataProblem}
 */
export interface TrainingData {
  readonly features: FeatureShape;
  /** What the targets mean, e.g. ["return-1d"]. */
  readonly outputs: readonly string[];
  /** A row a sample, finite numbers. */
  readonly samples: readonly (readonly number[])[];
  /** As many rows as samples, each as long as `outputs`. */
  readonly targets: readonly (readonly number[])[];
}

/**
 * What training gives: JSON or bytes. A host keeps it, moves it to other machines, and loads it any number of times.
 * @see {@link defineModel}
 */
export type ModelArtifact = Json | Uint8Array;

/**
 * All that training may use besides its data: the same data, config and seed give the same artifact.
 * @example
 * ```ts
 * function fit(step: () => void, rounds: number, { progress, signal }: TrainingContext): void {
 *   for (let round = 0; round < rounds; round += 1) {
 *     if (signal.aborted) throw new ModelError('ABORTED', 'the training was ended', { cause: signal.reason });
 *     step();
 *     progress((round + 1) / rounds);
 *   }
 * }
 * ```
 */
export interface TrainingContext {
  /** In [0, 1), from the seed of the training. */
  random(): number;
  /** Aborted when the training is to end: at its deadline, or because nobody wants it any more. */
  readonly signal: AbortSignal;
  /** Tells how much of the work is done, from 0 to 1. */
  progress(fraction: number): void;
}

/**
 * A trained model in memory: what `load` makes of an artifact.
 * @example
 * ```ts
 * const nextReturn = (model: Model, recent: readonly number[]) => {
 *   const [predicted] = model.predict(recent);
 *   return predicted ?? 0;
 * };
 * ```
 */
export interface Model {
  /** What `predict` takes. */
  readonly features: FeatureShape;
  /** What it answers with, in this order. */
  readonly outputs: readonly string[];
  /**
   * Of one sample, as flat as those it was trained with: a finite number for each output. Pure: the same sample gives
   * the same numbers, whatever was asked before.
   * @throws {@link ModelError} BAD_INPUT for a sample of another length, or with something that is no finite number.
   */
  predict(sample: readonly number[]): readonly number[];
}

/**
 * What is wrong with a training, an artifact or a sample, for hosts to go by.
 * @see {@link ModelError}
 */
export type ModelErrorCode =
  /** The data or a sample is not of the shape that it says, or holds something that is no finite number. */
  | 'BAD_INPUT'
  /** There is too little to learn from, or nothing varies. */
  | 'DEGENERATE'
  /** The training ran to its end without a result that is any good. */
  | 'NOT_CONVERGED'
  /** What is to be loaded was not made by this model, or by a release of it that this one cannot read. */
  | 'BAD_ARTIFACT'
  /** The signal was aborted. */
  | 'ABORTED';

const CODES: readonly string[] = [
  'BAD_INPUT',
  'DEGENERATE',
  'NOT_CONVERGED',
  'BAD_ARTIFACT',
  'ABORTED',
] satisfies ModelErrorCode[];

/**
 * Why a model cannot be trained or loaded, or cannot predict. Its message says what to do.
 * @example
 * ```ts
 * throw new ModelError('DEGENERATE', 'all samples are the same: train on a longer time');
 * ```
 */
export class ModelError extends Error {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
  }
}

/**
 * Whether an error is a {@link ModelError}. By its parts, not by class: a plugin may carry its own copy of this package.
 * @example
 * ```ts
 * const isTooLittle = (error: unknown) => isModelError(error) && error.code === 'DEGENERATE';
 * ```
 */
export function isModelError(value: unknown): value is ModelError {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value) || value.name !== 'ModelError') return false;
  return 'code' in value && typeof value.code === 'string' && CODES.includes(value.code);
}

/**
 * A model extension: how it is trained, and how what training gave is loaded again, perhaps in another process. What it
 * throws is a {@link ModelError}.
 * @see {@link defineModel}
 */
export interface ModelDefinition<S extends TSchema = TSchema, A extends ModelArtifact = ModelArtifact> {
  readonly kind: 'model';
  /** e.g. "linear-regression". */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of its parameters: checks them, describes them to people, and spans the space of a tuner. */
  readonly config: S;
  /** What is wrong with parameters that the schema lets pass; null when nothing is. */
  check?(config: Static<S>): { readonly field: string; readonly message: string } | null;
  /**
   * Long trainings look at `ctx.signal` now and then.
   * @throws {@link ModelError} BAD_INPUT, DEGENERATE, NOT_CONVERGED or ABORTED.
   */
  train(data: TrainingData, config: Static<S>, ctx: TrainingContext): A | Promise<A>;
  /** @throws {@link ModelError} BAD_ARTIFACT for what it cannot read. */
  load(artifact: A, config: Static<S>): Model | Promise<Model>;
}

/**
 * Declares a model extension.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
 * export const mean = defineModel({
 *   id: 'mean', description: 'Predicts the mean of what it has seen', config: T.Object({}),
 *   train: ({ features, outputs, targets }) => ({
 *     features: { ...features }, outputs,
 *     means: outputs.map((_, at) => targets.reduce((sum, row) => sum + row[at]!, 0) / targets.length),
 *   }),
 *   load: ({ features, outputs, means }) => ({ features, outputs, predict: () => means }),
 * });
 * ```
 */
export function defineModel<S extends TSchema, A extends ModelArtifact>(
  definition: Omit<ModelDefinition<S, A>, 'kind'>,
): ModelDefinition<S, A> {
  return Object.freeze({ kind: 'model' as const, ...definition });
}

const isFinite = (value: unknown): boolean => Number.isFinite(value);

/**
 * What is wrong with training data, naming the row; null when nothing is. For hosts, and for models that are strict.
 * @example
 * ```ts
 * const data: TrainingData = {
 *   ...{ features: { names: ['return-1d'], steps: 1 }, outputs: ['return-next'] },
 *   ...{ samples: [[0.01], [-0.02]], targets: [[-0.02], [Number.NaN]] },
 * };
 * trainingDataProblem(data); // 'targets[1] holds something that is no finite number'
 * ```
 */
export function trainingDataProblem({ features, outputs, samples, targets }: TrainingData): string | null {
  const { names, steps } = features;
  if (names.length === 0 || new Set(names).size < names.length) {
    return 'features.names have to be there, each once';
  }
  if (!Number.isSafeInteger(steps) || steps < 1) return 'features.steps has to be a whole number from 1';
  if (outputs.length === 0 || new Set(outputs).size < outputs.length) {
    return 'outputs have to be there, each once';
  }
  if (samples.length === 0) return 'there are no samples';
  if (targets.length !== samples.length) {
    return `there are ${String(samples.length)} samples and ${String(targets.length)} targets`;
  }
  return (
    rowProblem(samples, names.length * steps, 'samples') ?? rowProblem(targets, outputs.length, 'targets')
  );
}

function rowProblem(rows: readonly (readonly number[])[], length: number, path: string): string | null {
  for (const [index, row] of rows.entries()) {
    if (row.length !== length) {
      return `${path}[${String(index)}] has ${String(row.length)} numbers, not ${String(length)}`;
    }
    if (!row.every(isFinite)) return `${path}[${String(index)}] holds something that is no finite number`;
  }
  return null;
}
