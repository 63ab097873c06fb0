import type { Json } from '../strategy-effects.ts';
import { IndicatorError } from './indicator-error.ts';
import { type Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/**
 * An indicator that is fed one input after the other. It keeps what its window needs and no history; an
 * update takes constant time (amortised) unless its factory says otherwise.
 *
 * @example
 * ```ts
 * export const aboveAverage = defineStrategy({
 *   id: 'above-average',
 *   description: 'Says when a bar closes above the average of twenty',
 *   config: T.Object({}),
 *   inputs: () => ({ warmup: ema(20).warmup }),
 *   create() {
 *     const trend = ema(20);
 *     return {
 *       *onBar(bar) {
 *         const average = trend.update(bar.close);
 *         if (average !== null && bar.close > average) yield log('INFO', 'above its average', { average });
 *       },
 *       snapshot: () => trend.snapshot(),
 *       restore: (saved) => trend.restore(saved),
 *     };
 *   },
 * });
 * ```
 */
export interface Indicator<Input, Output> {
  /** What it is, with its parameters: 'ema(20)'. */
  readonly name: string;
  /** How many inputs it takes until the first value. */
  readonly warmup: number;
  /** Whether it has had that many. */
  readonly isReady: boolean;
  /** What the last `update` returned; null before the first. */
  readonly value: Output | null;
  /**
   * Takes the next input and returns the new value: null while it is not ready, and where the inputs leave
   * it undefined, as the docstring of its factory says. A value is never NaN or infinite.
   * @throws {@link IndicatorError} INVALID_INDICATOR for an input that is not finite, or beyond 10^60 either way; the
   * indicator is then as it was before.
   */
  update(input: Input): Output | null;
  /** As new. */
  reset(): void;
  /** All that it has to remember, as JSON; its size is that of the window. */
  snapshot(): Json;
  /**
   * Goes on where {@link Indicator.snapshot} was taken: all later values equal, bit for bit, those without the interruption.
   * @throws {@link IndicatorError} INVALID_INDICATOR for anything but a snapshot of an indicator of the same
   * name; the indicator is then as new.
   */
  restore(snapshot: Json): void;
}

/** What an indicator is made of. All that changes is in its parts. */
export interface IndicatorSpec<Input, Output> {
  readonly name: string;
  readonly warmup: number;
  readonly parts: readonly Part[];
  /** Throws for an input that must not get into the parts. */
  readonly check: (input: Input) => void;
  readonly push: (input: Input) => void;
  /** Reads the value from the parts, once they have had `warmup` inputs. */
  readonly read: () => Output | null;
}

/** Gives a spec the common contract. */
export const indicator = <Input, Output>(spec: IndicatorSpec<Input, Output>): Indicator<Input, Output> => {
  const { name, warmup, parts, check, push, read } = spec;
  let inputs = 0;
  let value: Output | null = null;

  const reset = (): void => {
    for (const part of parts) part.reset();
    inputs = 0;
    value = null;
  };

  return {
    name,
    warmup,
    get isReady() {
      return inputs === warmup;
    },
    get value() {
      return value;
    },
    update(input) {
      check(input);
      push(input);
      // Beyond the warm-up the count says nothing, so that it cannot grow out of the integers.
      if (inputs < warmup) inputs += 1;
      if (inputs === warmup) value = read();
      return value;
    },
    reset,
    snapshot() {
      const writer = new SnapshotWriter();
      writer.write(inputs);
      for (const part of parts) part.save(writer);
      return { indicator: name, state: writer.state };
    },
    restore(snapshot) {
      reset();
      try {
        const reader = new SnapshotReader(name, snapshot);
        inputs = reader.readInteger(warmup);
        for (const part of parts) part.load(reader);
        reader.end();
        if (inputs === warmup) value = read();
      } catch (error) {
        reset();
        throw error instanceof IndicatorError
          ? error
          : new IndicatorError('snapshot', `the snapshot of ${name} cannot be read`, { cause: error });
      }
    },
  };
};
