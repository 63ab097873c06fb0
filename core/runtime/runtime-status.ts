import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';
import type { BrokerSessionStatus } from './broker-session.ts';
import type { BrokerSessions } from './broker-sessions.ts';
import type { FeedStatus } from './feed-session.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { AccountAhead } from './market-time-watch.ts';
import type { ShardRunner } from './shard-runner.ts';

/** How the runtime is, for health checks and metrics. */
export interface RuntimeStatus {
  readonly shards: number;
  /** Gateways that share the accounts, this one included. */
  readonly members: number;
  readonly accounts: number;
  /** Accounts that are being read from the journal. */
  readonly loading: number;
  /** Accounts whose journal cannot be read. */
  readonly broken: readonly { readonly accountId: string; readonly message: string }[];
  /** Commands waiting for a decision or a commit. */
  readonly waiting: number;
  /** Age of the oldest of them, ms. */
  readonly oldestWaitingMs: number | null;
  readonly brokers: readonly BrokerSessionStatus[];
  readonly feeds: readonly FeedStatus[];
  /** Accounts whose time is more than an hour ahead of their market's. */
  readonly ahead: readonly AccountAhead[];
}

export function runtimeStatus(
  leases: LeaseKeeper,
  runner: ShardRunner,
  venues: BrokerSessions,
  clock: Clock,
  telemetry: Telemetry,
  aheadOf: (actors: readonly AccountActor[]) => readonly AccountAhead[],
): RuntimeStatus {
  const actors = [...runner.actors.values()];
  const oldest = actors.reduce<number | null>((least, { waitingSince }) => {
    return waitingSince === null || (least !== null && least <= waitingSince) ? least : waitingSince;
  }, null);
  const status: RuntimeStatus = {
    shards: leases.shards.length,
    members: leases.members,
    accounts: actors.length,
    loading: actors.filter(({ phase }) => phase === 'loading').length,
    broken: [...runner.broken].map(([accountId, { error }]) => ({ accountId, message: error.message })),
    waiting: actors.reduce((sum, { depth }) => sum + depth, 0),
    oldestWaitingMs: oldest === null ? null : clock.monotonic() - oldest,
    brokers: venues.all().map(({ session }) => session.status()),
    feeds: venues.feeds().map((session) => session.status()),
    ahead: aheadOf(actors),
  };
  telemetry.gauge('mailbox_depth', status.waiting);
  telemetry.gauge(
    'orders_in_doubt',
    sum(status, ({ inDoubt }) => inDoubt),
  );
  telemetry.gauge(
    'reconciliation_differences',
    sum(status, ({ differences }) => differences),
  );
  const doubts = status.brokers.map(({ oldestDoubtMs }) => oldestDoubtMs ?? 0);
  telemetry.gauge('in_doubt_oldest_seconds', Math.max(0, ...doubts) / 1_000);
  return status;
}

const sum = ({ brokers }: RuntimeStatus, of: (broker: BrokerSessionStatus) => number): number =>
  brokers.reduce((total, broker) => total + of(broker), 0);
