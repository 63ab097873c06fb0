/** A claim on a resource ("shard:12", "feed:simulated") for a time. */
export interface Lease {
  readonly resource: string;
  readonly owner: string;
  /** Internal address of the owner, where commands are forwarded to. */
  readonly address: string;
  /** Grows with each change of owner. */
  readonly epoch: number;
}

/** The rows that say who owns what. Times are the store's own clock; expiry is judged there. */
export interface LeaseStore {
  /** Takes resources that are free, expired or ours; answers with those now held. */
  claim(
    resources: readonly string[],
    owner: string,
    address: string,
    ttlMs: number,
    signal: AbortSignal,
  ): Promise<readonly Lease[]>;
  /** Extends what the owner still holds; what is missing in the answer is lost. */
  renew(owner: string, ttlMs: number, signal: AbortSignal): Promise<readonly Lease[]>;
  release(resources: readonly string[], owner: string, signal: AbortSignal): Promise<void>;
  /** All current leases, expired ones left out. */
  list(signal: AbortSignal): Promise<readonly Lease[]>;
}

/** What a process holds at the moment, on its monotonic clock. */
export interface ShardOwnership {
  /** The epoch under which the shard may be written, or null when it is not (or no longer surely) ours. */
  epoch(shard: number): number | null;
  /** Monotonic time until which the lease surely holds; 0 when it is not ours. */
  validUntil(shard: number): number;
  /** Who owns a shard elsewhere, as last seen. */
  addressOf(shard: number): string | null;
}
