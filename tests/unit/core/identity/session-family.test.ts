import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ended, MAX_SIBLINGS, rotate } from '../../../../core/identity/session-family.ts';
import type { SessionRecord } from '../../../../core/ports/identity.ts';

const SETTINGS = { refreshGrace: 10_000, sessionIdleTtl: 60_000 };
const START = Date.UTC(2026, 0, 5);

const session = (): SessionRecord => ({
  id: 's',
  userId: 'u',
  workspaceId: 'w',
  selector: 'x',
  version: 1,
  liveHashes: ['t0'],
  previousHash: null,
  rotatedAt: null,
  createdAt: START,
  expiresAt: START + 600_000,
  idleExpiresAt: START + 60_000,
  revokedAt: null,
  revokedReason: null,
});

/** Rotates and expects it to work. */
function use(before: SessionRecord, token: string, fresh: string, at: number): SessionRecord {
  const rotation = rotate(before, token, fresh, at, SETTINGS);
  if (rotation.kind !== 'ROTATED') throw new Error(`${token} was ${rotation.kind}`);
  return rotation.next;
}

describe('a family of refresh tokens', () => {
  it('gives a token whose answer was lost a second child within the grace', () => {
    const first = use(session(), 't0', 't1', START);
    const second = use(first, 't0', 't2', START + 10_000);
    expect(second.liveHashes).toEqual(['t1', 't2']);
  });

  it('takes the token for stolen a moment after the grace', () => {
    const first = use(session(), 't0', 't1', START);
    const rotation = rotate(first, 't0', 't2', START + 10_001, SETTINGS);
    expect(rotation).toMatchObject({ kind: 'REUSED', next: { revokedReason: 'TOKEN_REUSED', version: 3 } });
  });

  it('takes it for stolen within the grace once its child was used', () => {
    const grandchild = use(use(session(), 't0', 't1', START), 't1', 't2', START + 1);
    expect(rotate(grandchild, 't0', 't3', START + 2, SETTINGS).kind).toBe('REUSED');
  });

  it('gives no grace to a grandparent, however quick', () => {
    const family = use(use(use(session(), 't0', 't1', START), 't1', 't2', START), 't2', 't3', START);
    expect(rotate(family, 't1', 't4', START, SETTINGS).kind).toBe('REUSED');
  });

  it('spends the sibling of a child that was used', () => {
    const siblings = use(use(session(), 't0', 't1', START), 't0', 't2', START + 1);
    const next = use(siblings, 't2', 't3', START + 2);
    expect(rotate(next, 't1', 't4', START + 3, SETTINGS).kind).toBe('REUSED');
  });

  it('bounds the children of one token', () => {
    let family = use(session(), 't0', 'c0', START);
    for (let i = 1; i < MAX_SIBLINGS; i++) family = use(family, 't0', `c${i}`, START + 1);
    expect(rotate(family, 't0', 'more', START + 2, SETTINGS)).toEqual({ kind: 'CROWDED' });
    use(family, 'c0', 'd', START + 3);
  });

  it('ends by idleness, by age and by revocation, for every token', () => {
    const family = use(session(), 't0', 't1', START);
    for (const token of ['t0', 't1', 'unknown']) {
      expect(rotate(family, token, 'n', START + 60_000, SETTINGS).kind).toBe('ENDED');
      expect(rotate(ended(family, 'SIGNED_OUT', START), token, 'n', START, SETTINGS).kind).toBe('ENDED');
    }
    const busy = { ...family, idleExpiresAt: family.expiresAt };
    expect(rotate(busy, 't1', 'n', busy.expiresAt, SETTINGS).kind).toBe('ENDED');
  });

  it('never outlives the session, however often refreshed', () => {
    const late = { ...session(), idleExpiresAt: START + 600_000 };
    expect(use(late, 't0', 't1', START + 590_000).idleExpiresAt).toBe(START + 600_000);
  });

  it('keeps the reason and time of the first end', () => {
    const first = ended(session(), 'SIGNED_OUT', START + 1);
    expect(ended(first, 'TOKEN_REUSED', START + 2)).toBe(first);
  });

  // A thief and the owner hold copies of the same tokens and use them in any order. A model that only
  // remembers who made whom says which uses may pass.
  it('for any uses at any times: a passed use is of a live token or of the last used, within its grace', () => {
    const step = fc.record({ token: fc.nat({ max: 30 }), wait: fc.integer({ min: 0, max: 15_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let family = session();
        let now = START;
        const issued = ['t0'];
        const parentOf = new Map<string, string>();
        const used = new Map<string, number>();
        for (const { token: pick, wait } of steps) {
          now += wait;
          // Mostly the newest ones: that is where the races are.
          const token = issued[Math.max(0, issued.length - 1 - (pick % 4))]!;
          const siblings = issued.filter((one) => parentOf.get(one) === parentOf.get(token));
          const children = issued.filter((one) => parentOf.get(one) === token);
          const spent = siblings.some((one) => used.has(one));
          const firstUse = used.get(token);
          const inGrace =
            firstUse !== undefined &&
            now - firstUse <= SETTINGS.refreshGrace &&
            !children.some((one) => used.has(one));
          const idle = now >= family.idleExpiresAt || now >= family.expiresAt;

          const rotation = rotate(family, token, `t${issued.length}`, now, SETTINGS);
          if (family.revokedAt !== null || idle) {
            expect(rotation.kind).toBe('ENDED');
          } else if (!spent) {
            expect(rotation.kind).toBe('ROTATED');
          } else if (inGrace) {
            expect(rotation.kind).toBe(children.length < MAX_SIBLINGS ? 'ROTATED' : 'CROWDED');
          } else {
            expect(rotation.kind).toBe('REUSED');
          }
          if (rotation.kind === 'ROTATED') {
            if (firstUse === undefined) used.set(token, now);
            parentOf.set(`t${issued.length}`, token);
            issued.push(`t${issued.length}`);
          }
          if ('next' in rotation) {
            expect(rotation.next.version).toBe(family.version + 1);
            family = rotation.next;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
