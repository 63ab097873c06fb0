import type { BrokerRef } from '../ports/broker-connector.ts';

/**
 * Accounts are spread over a fixed number of shards; who holds the lease on a shard writes its
 * accounts. Where a venue allows one connection only (`exclusive` in its definition), all accounts of that
 * connection hash by the connection, so that one lease covers them and it; all others hash by their
 * own id. The shard of an account is stored when it is opened and never computed anew.
 */
export const SHARDS = 64;

/** FNV-1a over UTF-16 code units: stable for ever, since shards are stored. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

export function connectionKey({ broker, connection }: BrokerRef): string {
  return `${broker}:${connection}`;
}

export function shardOf(accountId: string, ref: BrokerRef, exclusive: boolean): number {
  return hash(exclusive ? connectionKey(ref) : accountId) % SHARDS;
}

/** Name of a shard's lease. */
export function shardResource(shard: number): string {
  return `shard:${String(shard)}`;
}
