/**
 * Rows as one text parameter: columns between U+001D, every item of a column followed by U+001F,
 * U+001E for null. `journal_items` in the database takes a column apart again. JSON has no such
 * characters; in other text they, and what PostgreSQL's text cannot hold, become U+FFFD.
 */
export class TextTable {
  readonly #columns: string[];
  #rows = 0;

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => '');
  }

  /** One item a column; a number must be an integer. */
  add(...items: readonly (string | number | boolean | null)[]): void {
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index] ?? null;
      this.#columns[index] = this.#columns[index]! + (item === null ? NULL_ITEM : `${String(item)}\u001f`);
    }
    this.#rows += 1;
  }

  /** '' when there are no rows. */
  toString(): string {
    return this.#rows === 0 ? '' : this.#columns.join('\u001d');
  }
}

const NULL_ITEM = '\u001e\u001f';
// eslint-disable-next-line no-control-regex -- These are the characters that separate items, and NUL.
const UNSAFE = /[\u0000\u001d-\u001f\ud800-\udfff]/;
// eslint-disable-next-line no-control-regex -- As above.
const EVERY_UNSAFE = /[\u0000\u001d-\u001f]/g;

/** Text that came from outside as an item; null stays null. */
export function safeText<T extends string | null>(text: T): T {
  if (text === null || !UNSAFE.test(text)) return text;
  return text.toWellFormed().replace(EVERY_UNSAFE, '\ufffd') as T;
}
