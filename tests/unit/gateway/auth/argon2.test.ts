import { describe, expect, it } from '@jest/globals';
import { argon2id, hash } from 'argon2';

import { createPasswordHasher } from '../../../../gateway/auth/argon2.ts';

const { signal } = new AbortController();
const PASSWORD = 'correct horse battery staple';

describe('password hashing', () => {
  it('is argon2id at the settings asked for, salted', async () => {
    const hasher = await createPasswordHasher();
    const [one, two] = [await hasher.hash(PASSWORD, signal), await hasher.hash(PASSWORD, signal)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(one, PASSWORD, signal)).toBe('RIGHT');
    expect(await hasher.verify(one, `${PASSWORD} `, signal)).toBe('WRONG');
  });

  it('takes every character of a long password into account', async () => {
    const hasher = await createPasswordHasher();
    const long = 'p'.repeat(127);
    const digest = await hasher.hash(`${long}a`, signal);
    expect(await hasher.verify(digest, `${long}b`, signal)).toBe('WRONG');
  });

  it('tells a right password that was hashed under weaker settings', async () => {
    const hasher = await createPasswordHasher();
    const weak = await hash(PASSWORD, { type: argon2id, memoryCost: 1024, timeCost: 2, parallelism: 1 });
    expect(await hasher.verify(weak, PASSWORD, signal)).toBe('OUTDATED');
    expect(await hasher.verify(weak, 'wrong', signal)).toBe('WRONG');
  });

  it('turns away whom it could not serve in time, and serves the others', async () => {
    const hasher = await createPasswordHasher({ concurrency: 1, queue: 3 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => hasher.pretend(PASSWORD, signal)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(6);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'UNAVAILABLE' });
    await hasher.pretend(PASSWORD, signal);
  });

  it('does not work for a client that left while waiting', async () => {
    const hasher = await createPasswordHasher({ concurrency: 1 });
    const leaver = new AbortController();
    const first = hasher.hash(PASSWORD, signal);
    const waiting = hasher.hash(PASSWORD, leaver.signal);
    leaver.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(await first).toMatch(/^\$argon2id/);
  });
});
