import { argon2id, hash, needsRehash, verify } from 'argon2';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';

import { IdentityError } from '../../core/identity/identity-error.ts';
import type { PasswordHasher } from '../../core/ports/credentials.ts';

/** OWASP's minimum for argon2id; memory in KiB. About 27 ms on the machine it was measured on. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface PasswordHasherOptions {
  /** The work shares libuv's four threads with files and names: never take all of them. */
  readonly concurrency?: number;
  /** More than these waiting are turned away, for they would wait seconds. */
  readonly queue?: number;
}

export async function createPasswordHasher(options: PasswordHasherOptions = {}): Promise<PasswordHasher> {
  const gate = bulkhead(options.concurrency ?? 2, options.queue ?? 64);
  const decoy = await hash('the password of nobody', { type: argon2id, ...COST });

  async function run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    try {
      return await gate.execute(() => {
        signal.throwIfAborted();
        return work();
      });
    } catch (cause) {
      if (!(cause instanceof BulkheadRejectedError)) throw cause;
      throw new IdentityError('UNAVAILABLE', 'Too many are signing in at the moment: try again.', { cause });
    }
  }

  return {
    hash: (password, signal) => run(() => hash(password, { type: argon2id, ...COST }), signal),
    verify: (digest, password, signal) =>
      run(async () => {
        if (!(await verify(digest, password))) return 'WRONG';
        return needsRehash(digest, COST) ? 'OUTDATED' : 'RIGHT';
      }, signal),
    pretend: (password, signal) =>
      run(async () => {
        await verify(decoy, password);
      }, signal),
  };
}
