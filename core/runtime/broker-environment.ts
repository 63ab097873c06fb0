import type { Chance, Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { ShardOwnership } from '../ports/leases.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { ArchivePrefetch } from './archive-prefetch.ts';

export interface BrokerTimes {
  /** A request without an answer by then is in doubt. */
  readonly requestTimeoutMs: number;
  /** How much longer than a request's deadline the lease has to hold when it is sent. */
  readonly leaseMarginMs: number;
  /** How long a former owner of an account may have gone on. */
  readonly leaseTtlMs: number;
  /** An order in doubt that is older is never sent again. */
  readonly resubmitMaxAgeMs: number;
  readonly reconcileEveryMs: number;
  readonly mismatchGraceMs: number;
  /** How often the venue's open orders are compared with ours. */
  readonly openOrdersEveryMs: number;
}

/** What the parts of a broker session share. */
export interface BrokerEnvironment {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  readonly ownership: Pick<ShardOwnership, 'epoch' | 'validUntil'>;
  readonly venueIdPrefix: string;
  readonly prefetch: ArchivePrefetch;
  readonly times: BrokerTimes;
}
