import { type PluginStorage, STORAGE_LIMITS, StorageError } from '../../storage.ts';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** `ctx.storage` that ends with the test, with the limits of the real one. */
export function memoryStorage(): PluginStorage {
  const values = new Map<string, string>();
  const checkKey = (key: string): void => {
    if (key === '' || bytesOf(key) > STORAGE_LIMITS.keyBytes || !key.isWellFormed()) {
      throw new StorageError(
        'STORAGE_KEY_INVALID',
        `a key has 1 to ${String(STORAGE_LIMITS.keyBytes)} bytes`,
      );
    }
  };
  const set = (key: string, value: string): void => {
    checkKey(key);
    if (bytesOf(value) > STORAGE_LIMITS.valueBytes || !value.isWellFormed()) {
      throw new StorageError(
        'STORAGE_VALUE_INVALID',
        `a value has at most ${String(STORAGE_LIMITS.valueBytes)} bytes`,
      );
    }
    const others = [...values].filter(([name]) => name !== key);
    const total = others.reduce((sum, [name, text]) => sum + bytesOf(name) + bytesOf(text), bytesOf(key));
    if (total + bytesOf(value) > STORAGE_LIMITS.totalBytes) {
      throw new StorageError('STORAGE_FULL', `at most ${String(STORAGE_LIMITS.totalBytes)} bytes are kept`);
    }
    values.set(key, value);
  };
  // Asynchronous as the real one is: what is wrong with a call is in its promise.
  return {
    get: async (key) => {
      await Promise.resolve();
      checkKey(key);
      return values.get(key) ?? null;
    },
    set: async (key, value) => {
      await Promise.resolve();
      set(key, value);
    },
    delete: async (key) => {
      await Promise.resolve();
      checkKey(key);
      values.delete(key);
    },
  };
}
