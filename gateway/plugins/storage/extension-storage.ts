import { type PluginStorage, STORAGE_LIMITS, StorageError } from '@omniquant/plugin-sdk';

/** Whose values: nobody sees those of another owner. */
export interface StorageOwner {
  readonly plugin: string;
  /** kind:id */
  readonly extension: string;
  /** Of a broker; empty for other kinds. */
  readonly connection: string;
}

/** Where values are kept. */
export interface StorageStore {
  get(owner: StorageOwner, key: Buffer, signal: AbortSignal): Promise<Buffer | null>;
  /** False, and nothing done, when the owner would have more than so many bytes of keys and values. */
  set(
    owner: StorageOwner,
    key: Buffer,
    value: Buffer,
    totalBytes: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  delete(owner: StorageOwner, key: Buffer, signal: AbortSignal): Promise<void>;
}

/** The storage of one owner, until the signal is aborted. */
export type OpenStorage = (owner: StorageOwner, signal: AbortSignal) => PluginStorage | null;

const TIMEOUT_MS = 5_000;

/** `ctx.storage` over a store: within its limits, with a deadline, and with errors that plugins can go by. */
export function createStorageOpener(store: StorageStore): OpenStorage {
  return (owner, life) => {
    const attempt = async <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      try {
        return await work(AbortSignal.any([life, AbortSignal.timeout(TIMEOUT_MS)]));
      } catch (cause) {
        throw new StorageError('STORAGE_UNAVAILABLE', `the storage did not ${what}: try again`, { cause });
      }
    };
    return {
      async get(key) {
        const bytes = keyBytes(key);
        const value = await attempt('give the value', (signal) => store.get(owner, bytes, signal));
        return value === null ? null : value.toString('utf8');
      },
      async set(key, value) {
        const [name, bytes] = [keyBytes(key), valueBytes(value)];
        const { totalBytes } = STORAGE_LIMITS;
        const isKept = await attempt('confirm that it has the value', (signal) =>
          store.set(owner, name, bytes, totalBytes, signal),
        );
        if (isKept) return;
        throw new StorageError(
          'STORAGE_FULL',
          `with this value there would be more than ${String(totalBytes)} bytes: delete something first`,
        );
      },
      async delete(key) {
        const bytes = keyBytes(key);
        await attempt('confirm that the value is gone', (signal) => store.delete(owner, bytes, signal));
      },
    };
  };
}

function keyBytes(key: unknown): Buffer {
  const bytes = textBytes(key);
  if (bytes !== null && bytes.length > 0 && bytes.length <= STORAGE_LIMITS.keyBytes) return bytes;
  throw new StorageError(
    'STORAGE_KEY_INVALID',
    `a key is a well-formed text of 1 to ${String(STORAGE_LIMITS.keyBytes)} bytes`,
  );
}

function valueBytes(value: unknown): Buffer {
  const bytes = textBytes(value);
  if (bytes !== null && bytes.length <= STORAGE_LIMITS.valueBytes) return bytes;
  throw new StorageError(
    'STORAGE_VALUE_INVALID',
    `a value is a well-formed text of at most ${String(STORAGE_LIMITS.valueBytes)} bytes`,
  );
}

/** Half a surrogate pair would come back as something else. */
const textBytes = (text: unknown): Buffer | null =>
  typeof text === 'string' && text.isWellFormed() ? Buffer.from(text, 'utf8') : null;
