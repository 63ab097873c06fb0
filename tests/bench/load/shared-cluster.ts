import { SETTINGS } from '../../../gateway/settings.ts';
import { type Cluster, startCluster } from '../../support/cluster/cluster.ts';

/** Times as they are by default, not those of the tests. */
export const DEFAULT_TIMES = Object.fromEntries(
  (['LEASE_TTL_MS', 'BROKER_TIMEOUT_MS', 'RECONCILE_EVERY_MS', 'SNAPSHOT_EVERY'] as const).map((name) => [
    name,
    String(SETTINGS[name].schema.parse(undefined)),
  ]),
);

/** One cluster for the benches that are about several gateways, with one of them running at first. */
export interface SharedCluster {
  /** Started when it is first wanted. */
  get(): Promise<Cluster>;
  close(): Promise<void>;
}

export function shareCluster(): SharedCluster {
  let started: Promise<Cluster> | null = null;
  return {
    get() {
      const env = { ...DEFAULT_TIMES, LOG_LEVEL: 'error' };
      started ??= startCluster({ gateways: 1, isDirect: true, env });
      return started;
    },
    async close() {
      const cluster = await started?.catch(() => null);
      await cluster?.close();
    },
  };
}
