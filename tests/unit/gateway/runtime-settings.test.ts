import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { readConfig } from '../../../gateway/config.ts';
import { runtimeSettings } from '../../../gateway/runtime-settings.ts';

const INSTALLATION = { id: 'i', venuePrefix: 'oq' } as unknown as Parameters<typeof runtimeSettings>[1];
/** What a request to a venue needs at least (core/runtime/broker-requests.ts). */
const SHORTEST_REQUEST_MS = 250;

describe('the settings of the runtime', () => {
  it('leave time for a request to the venue, however short the lease and late its renewal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 60_000 }), (ttl) => {
        const config = readConfig({ LEASE_TTL_MS: String(ttl) });
        const { broker, leasePollMs, leaseTtlMs } = runtimeSettings(config, INSTALLATION);
        // A renewal is due after a third, is seen by the next round, which may come a tenth late.
        const oldest = leaseTtlMs / 3 + leasePollMs * 1.1;
        expect(leaseTtlMs - oldest - broker.leaseMarginMs).toBeGreaterThan(SHORTEST_REQUEST_MS);
      }),
    );
  });
});
