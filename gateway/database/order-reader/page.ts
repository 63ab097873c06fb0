import type { Page } from '../../../core/ports/order-reader.ts';

/** Of `first + 1` rows asked for, the first `first`; one more says that there is a next page. */
export function toPage<R, T>(rows: readonly R[], first: number, toItem: (row: R) => T): Page<T> {
  return { items: rows.slice(0, first).map(toItem), hasNextPage: rows.length > first };
}

/** Conditions of a query that depend on what was asked for, with their parameters. */
export class Conditions {
  readonly #texts: string[] = [];
  readonly values: unknown[] = [];

  /** Adds a condition in which `?` stands for the value, unless the value is undefined or null. */
  add(text: string, value: unknown): this {
    if (value !== undefined && value !== null) {
      this.values.push(value);
      this.#texts.push(text.replace('?', `$${String(this.values.length)}`));
    }
    return this;
  }

  /** Names a further parameter. */
  parameter(value: unknown): string {
    this.values.push(value);
    return `$${String(this.values.length)}`;
  }

  get text(): string {
    return this.#texts.join(' AND ');
  }
}
