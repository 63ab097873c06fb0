import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';

import { NotifierError } from '@omniquant/plugin-sdk';

/** IANA's special-purpose addresses (RFC 6890): those of this machine, of its network, and of nobody's. */
const NETWORKS: readonly (readonly [network: string, prefix: number])[] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['198.18.0.0', 15],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
  ...([
    ['::', 127],
    ['64:ff9b::', 96],
    ['100::', 64],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const),
];

const PRIVATE = new BlockList();
for (const [network, prefix] of NETWORKS) {
  PRIVATE.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
}

/** IPv4 addresses written as IPv6 count as what they stand for. */
export const isPrivateAddress = (address: string): boolean =>
  PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** Hosts of all URLs that stand anywhere in a value. */
function hostsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const text = value.trim();
    const host = URL.canParse(text) ? new URL(text).hostname : '';
    return host === '' ? [] : [host.replace(/^\[|\]$/g, '')];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(hostsIn) : [];
}

/**
 * For settings of somebody who does not run the gateway: with an address of the gateway's own network they
 * could have it talk to services that trust whoever is there. Throws REJECTED for such a host, and UNREACHABLE
 * for one whose name cannot be looked up now.
 */
export async function refusePrivateHosts(settings: unknown, resolve: Resolve = resolveByDns): Promise<void> {
  for (const host of new Set(hostsIn(settings))) {
    let addresses: readonly string[];
    try {
      addresses = await resolve(host);
    } catch (cause) {
      throw new NotifierError('UNREACHABLE', 'the receiver’s name could not be looked up', { cause });
    }
    if (addresses.some(isPrivateAddress)) {
      const why = 'the receiver is in the gateway’s own network, which is for the workspace that runs it';
      throw new NotifierError('REJECTED', why);
    }
  }
}
