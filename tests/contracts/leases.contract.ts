import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { LeaseStore } from '../../core/ports/leases.ts';

export interface LeasesHarness {
  readonly leases: LeaseStore;
  /** Lets the store's own clock go on by at least so many ms. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What every lease store must hold to. Resource names are made unique, so that one store serves all. */
export function describeLeases(name: string, open: () => Promise<LeasesHarness>): void {
  describe(`leases: ${name}`, () => {
    let harness: LeasesHarness;
    let leases: LeaseStore;
    const signal = AbortSignal.timeout(60_000);
    const long = 60_000;
    const short = 100;

    beforeAll(async () => {
      harness = await open();
      leases = harness.leases;
    });
    afterAll(async () => {
      await harness.close();
    });

    const names = (count = 1): string[] => Array.from({ length: count }, () => `test:${randomUUID()}`);
    const owner = (): string => `owner-${randomUUID()}`;

    it('gives a free resource to the first who asks, with the address it named', async () => {
      const [a, b] = [owner(), owner()];
      const [resource = ''] = names();
      const mine = await leases.claim([resource], a, 'http://a', long, signal);
      expect(mine).toEqual([{ resource, owner: a, address: 'http://a', epoch: expect.any(Number) }]);
      expect(await leases.claim([resource], b, 'http://b', long, signal)).toEqual([]);
      expect((await leases.list(signal)).filter((lease) => lease.resource === resource)).toEqual(mine);
    });

    it('gives what is free of several and leaves the rest', async () => {
      const [a, b] = [owner(), owner()];
      const [one = '', two = '', three = ''] = names(3);
      await leases.claim([two], a, 'http://a', long, signal);
      const taken = await leases.claim([one, two, three], b, 'http://b', long, signal);
      expect(taken.map((lease) => lease.resource).sort()).toEqual([one, three].sort());
    });

    it('keeps the epoch for the owner that holds on, and raises it for the next', async () => {
      const [a, b] = [owner(), owner()];
      const [resource = ''] = names();
      const [first] = await leases.claim([resource], a, 'http://a', long, signal);
      const [again] = await leases.claim([resource], a, 'http://a', long, signal);
      expect(again?.epoch).toBe(first?.epoch);
      await leases.release([resource], a, signal);
      const [next] = await leases.claim([resource], b, 'http://b', long, signal);
      expect(next?.epoch).toBeGreaterThan(first?.epoch ?? Infinity);
    });

    it('gives an expired resource to another, and the former owner cannot renew it', async () => {
      const [a, b] = [owner(), owner()];
      const [resource = ''] = names();
      const [first] = await leases.claim([resource], a, 'http://a', short, signal);
      await harness.elapse(short + 20);
      expect((await leases.list(signal)).filter((lease) => lease.resource === resource)).toEqual([]);
      const [next] = await leases.claim([resource], b, 'http://b', long, signal);
      expect(next?.epoch).toBeGreaterThan(first?.epoch ?? Infinity);
      expect(await leases.renew(a, long, signal)).toEqual([]);
    });

    it('does not renew what has expired, even when nobody else took it', async () => {
      const a = owner();
      const [resource = ''] = names();
      const [first] = await leases.claim([resource], a, 'http://a', short, signal);
      await harness.elapse(short + 20);
      expect(await leases.renew(a, long, signal)).toEqual([]);
      const [again] = await leases.claim([resource], a, 'http://a', long, signal);
      expect(again?.epoch).toBeGreaterThan(first?.epoch ?? Infinity);
    });

    it('extends all that an owner holds', async () => {
      const a = owner();
      const resources = names(3);
      await leases.claim(resources, a, 'http://a', 2_000, signal);
      const renewed = await leases.renew(a, long, signal);
      expect(renewed.map((lease) => lease.resource).sort()).toEqual([...resources].sort());
      await harness.elapse(2_100);
      expect((await leases.list(signal)).filter((lease) => lease.owner === a)).toHaveLength(3);
    });

    it('lets go only of what is the owner’s', async () => {
      const [a, b] = [owner(), owner()];
      const [resource = ''] = names();
      await leases.claim([resource], a, 'http://a', long, signal);
      await leases.release([resource], b, signal);
      expect(await leases.claim([resource], b, 'http://b', long, signal)).toEqual([]);
      await leases.release([resource], a, signal);
      expect(await leases.claim([resource], b, 'http://b', long, signal)).toHaveLength(1);
    });
  });
}
