import type { Json } from '../strategy-effects.ts';
import { IndicatorError } from './indicator-error.ts';

/** A piece of an indicator's state. */
export interface Part {
  save(writer: SnapshotWriter): void;
  /** Called on a part that has been reset. */
  load(reader: SnapshotReader): void;
  reset(): void;
}

/** JSON has no negative zero, and turns it into zero: it travels as a string. */
const NEGATIVE_ZERO = '-0';

/** Writes the numbers of a state one after the other. */
export class SnapshotWriter {
  readonly state: (number | string)[] = [];

  write(value: number): void {
    this.state.push(Object.is(value, -0) ? NEGATIVE_ZERO : value);
  }
}

/** Reads the numbers back in the order in which they were written. */
export class SnapshotReader {
  private readonly name: string;
  private readonly state: readonly Json[];
  private position = 0;

  constructor(name: string, snapshot: Json) {
    this.name = name;
    if (typeof snapshot !== 'object' || snapshot === null || !('indicator' in snapshot)) throw this.invalid();
    const { indicator, state } = snapshot;
    if (indicator !== name || !Array.isArray(state)) throw this.invalid();
    this.state = state;
  }

  read(): number {
    const value = this.state[this.position];
    this.position += 1;
    if (value === NEGATIVE_ZERO) return -0;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.invalid();
    return value;
  }

  /** An integer from 0 to `maximum`. */
  readInteger(maximum: number): number {
    const value = this.read();
    if (!Number.isInteger(value) || value < 0 || value > maximum) throw this.invalid();
    return value;
  }

  /** Throws when something is left over. */
  end(): void {
    if (this.position !== this.state.length) throw this.invalid();
  }

  private invalid(): IndicatorError {
    return new IndicatorError(
      'snapshot',
      `this is no snapshot of ${this.name}: restore what snapshot() of an indicator of the same kind and ` +
        'parameters gave, or feed it anew',
    );
  }
}
