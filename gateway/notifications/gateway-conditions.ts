import type { Condition } from '../../core/notifications/condition-watch.ts';
import type { PluginCatalog } from '../../core/ports/plugin-catalog.ts';
import type { RuntimeStatus } from '../../core/runtime/runtime-status.ts';
import type { JournalSpaceWatch } from '../database/journal-space.ts';

/** A broker that is away for longer is told of; shorter breaks mend themselves. */
const BROKER_GRACE_MS = 60_000;

export interface GatewayFacts {
  readonly journalSpace: Pick<JournalSpaceWatch, 'shortage'>;
  readonly plugins: PluginCatalog;
  readonly status: () => Pick<RuntimeStatus, 'brokers'>;
}

/** What is wrong with this gateway at the moment. */
export function gatewayConditions({ journalSpace, plugins, status }: GatewayFacts): readonly Condition[] {
  const { shortage } = journalSpace;
  const scope = { kind: 'gateway' } as const;
  const disk: readonly Condition[] =
    shortage === null
      ? []
      : [
          {
            key: 'journal-disk',
            raised: 'JOURNAL_DISK_LOW',
            cleared: 'JOURNAL_DISK_RECOVERED',
            severity: 'CRITICAL',
            subject: 'journal',
            message: shortage,
            scope,
            graceMs: 0,
          },
        ];
  const failed = plugins
    .plugins()
    .filter((plugin) => plugin.status === 'FAILED' || plugin.status === 'DEGRADED')
    .map(({ error, name }): Condition => ({
      key: `plugin:${name}`,
      raised: 'PLUGIN_FAILED',
      cleared: 'PLUGIN_RECOVERED',
      severity: 'WARNING',
      subject: name,
      message: error ?? 'it does not work',
      scope,
      graceMs: 0,
    }));
  const lost = status()
    .brokers.filter(({ state }) => state !== 'READY')
    .map(({ accounts, reason, ref }): Condition => {
      const { broker, connection } = ref;
      return {
        key: `broker:${broker}/${connection}`,
        raised: 'BROKER_CONNECTION_LOST',
        cleared: 'BROKER_CONNECTION_REGAINED',
        severity: 'CRITICAL',
        subject: broker,
        message: `${reason ?? 'it is not ready'} (${String(accounts)} accounts)`,
        scope: { kind: 'connection', broker, connection },
        graceMs: BROKER_GRACE_MS,
      };
    });
  return [...disk, ...failed, ...lost];
}
