/**
 * What one extension may keep; a broker, for each of its connections: bytes of a key, bytes of a value, bytes of all keys
 * and values together. Bytes are those of UTF-8.
 * @example
 * ```ts
 * const fits = (value: string) => Buffer.byteLength(value) <= STORAGE_LIMITS.valueBytes;
 * ```
 */
export const STORAGE_LIMITS = { keyBytes: 256, valueBytes: 65_536, totalBytes: 4_194_304 } as const;

/**
 * What is wrong with a call of {@link PluginStorage}, for code to go by.
 * @see {@link StorageError}
 */
export type StorageErrorCode =
  /** A key that is empty, longer than `keyBytes`, or no well-formed text. */
  | 'STORAGE_KEY_INVALID'
  /** A value that is longer than `valueBytes`, or no well-formed text. */
  | 'STORAGE_VALUE_INVALID'
  /** There would be more than `totalBytes`: delete something first. */
  | 'STORAGE_FULL'
  /** It cannot be reached, and nothing is known of what was to be set: try again. */
  | 'STORAGE_UNAVAILABLE';

/**
 * Why `ctx.storage` did not do as it was asked. Thrown by the host; its `name` is "StorageError".
 * @example
 * ```ts
 * async function remember(storage: PluginStorage, cursor: string): Promise<void> {
 *   try {
 *     await storage.set('cursor', cursor);
 *   } catch (error) {
 *     if ((error as StorageError).code !== 'STORAGE_FULL') throw error;
 *     await storage.delete('history');
 *     await storage.set('cursor', cursor);
 *   }
 * }
 * ```
 */
export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}

/**
 * Texts by key, kept in the gateway's database: durable when `set` resolves, seen by the same extension in every
 * gateway of the installation and by nothing else. A broker's connections have one each. How much fits is in
 * {@link STORAGE_LIMITS}.
 * @throws {@link StorageError} All calls reject with it; only its code and its message are to be relied on.
 * @example
 * ```ts
 * async function count(storage: PluginStorage): Promise<number> {
 *   const next = Number((await storage.get('count')) ?? '0') + 1;
 *   await storage.set('count', String(next));
 *   return next;
 * }
 * ```
 */
export interface PluginStorage {
  /** Null for a key that was never set, or was deleted. */
  get(key: string): Promise<string | null>;
  /** Resolves when the value is durable; what was there before is gone. */
  set(key: string, value: string): Promise<void>;
  /** One that is not there is no error. */
  delete(key: string): Promise<void>;
}
