import { isNotifierError, type NotifierDefinition } from '@omniquant/plugin-sdk';

import type { Clock } from '../../core/ports/clock.ts';
import type {
  DeliveryRefusal,
  NotificationSender,
  NotifierMissing,
  SendFailure,
} from '../../core/ports/notifiers.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import { SealError } from '../auth/sealed-secret.ts';
import type { ChannelConnectionStore } from '../database/notifications/channel-connection-store.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { Logger } from '../telemetry/logger.ts';
import {
  createNotifierConnection,
  NotifierConfigError,
  type NotifierConnection,
} from './notifier-connection.ts';
import { refusePrivateHosts } from './private-hosts.ts';

export interface ChannelConnectionsOptions {
  readonly host: Pick<PluginHost, 'extension'>;
  readonly store: ChannelConnectionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Deadline of a delivery, ms. */
  readonly timeoutMs: number;
  /** Whether a workspace's channels may send into the network that the gateway is in. */
  readonly mayReachInside: (workspaceId: string, signal: AbortSignal) => Promise<boolean>;
}

export interface ChannelConnections extends NotificationSender {
  close(): Promise<void>;
}

interface Kept {
  readonly version: number;
  readonly definition: NotifierDefinition;
  readonly connection: NotifierConnection;
  /** On the monotonic clock. */
  usedAt: number;
}

const LONGEST_MESSAGE = 500;

const STORE_TIMEOUT_MS = 5_000;
/** One that is not used is closed: its channel may be another gateway's by now, or gone. */
const IDLE_MS = 600_000;

const notLoaded = (notifier: string): NotifierMissing => ({
  code: 'NOT_LOADED',
  message: `no plugin in use has the notifier ${notifier}: add its package to the list, or enable it`,
});

/**
 * The channels' connections, each kept open and opened anew when its channel or the plugin of its notifier has
 * changed, and after it did not come back in time.
 */
export function createChannelConnections(options: ChannelConnectionsOptions): ChannelConnections {
  const { clock, host, logger, store, timeoutMs } = options;
  const kept = new Map<string, Kept>();
  const closing = new Set<Promise<void>>();

  function drop(channelId: string, which: NotifierConnection): void {
    if (kept.get(channelId)?.connection === which) kept.delete(channelId);
    const ending = which.close();
    closing.add(ending);
    void ending.finally(() => closing.delete(ending));
  }

  async function connectionOf(
    channelId: string,
    signal: AbortSignal,
  ): Promise<NotifierConnection | SendFailure> {
    const version = await store.version(channelId, signal);
    const settings = version === null ? null : await settingsOf(channelId, version, signal);
    const known = kept.get(channelId);
    if (version === null || settings === null) {
      if (known !== undefined) drop(channelId, known.connection);
      return { code: 'REJECTED', message: 'the channel is not there any more', retryAfterMs: null };
    }
    if ('connection' in settings) return settings.connection;
    if (known !== undefined) drop(channelId, known.connection);
    const found = host.extension('notifier', settings.notifier);
    if (found === null) return notLoaded(settings.notifier);
    const { definition, plugin } = found;
    const isFree = await options.mayReachInside(settings.workspaceId, signal);
    const connection = createNotifierConnection({
      ...{ definition, plugin, settings, clock, logger, timeoutMs },
      check: isFree
        ? () => Promise.resolve()
        : ({ config, secrets }) => refusePrivateHosts({ config, secrets }),
    });
    kept.set(channelId, { version, definition, connection, usedAt: clock.monotonic() });
    return connection;
  }

  /** The connection that there is, if it is still what it would be; otherwise what to open one with. */
  async function settingsOf(channelId: string, version: number, signal: AbortSignal) {
    const known = kept.get(channelId);
    if (known?.version === version) {
      const now = host.extension('notifier', known.definition.id)?.definition;
      if (now === known.definition) {
        known.usedAt = clock.monotonic();
        return { connection: known.connection };
      }
    }
    return store.load(channelId, signal);
  }

  /** What the database does not answer is its own failure, and none of the channel's. */
  function find(channelId: string, signal: AbortSignal): Promise<NotifierConnection | SendFailure> {
    return withDeadline(
      clock,
      STORE_TIMEOUT_MS,
      'the database',
      (joined) => connectionOf(channelId, joined),
      signal,
    ).catch((error: unknown) => {
      if (error instanceof SealError) return failureOf(error);
      throw error;
    });
  }

  function dropIdle(): void {
    const before = clock.monotonic() - IDLE_MS;
    for (const [channelId, { connection, usedAt }] of [...kept]) {
      if (usedAt < before) drop(channelId, connection);
    }
  }

  return {
    async send(channelId, notification, signal) {
      dropIdle();
      const connection = await find(channelId, signal);
      if ('code' in connection) return connection;
      try {
        await connection.notify(notification, signal);
        return null;
      } catch (error) {
        // One that has refused is fine; whatever else it was, the next attempt begins from nothing.
        if (!isNotifierError(error) || error.code === 'UNREACHABLE') drop(channelId, connection);
        return failureOf(error);
      }
    },
    async close() {
      for (const [channelId, { connection }] of [...kept]) drop(channelId, connection);
      await Promise.all(closing);
    },
  };
}

/** What throws anything but its own error may have been taken: it is sent again. */
function failureOf(error: unknown): DeliveryRefusal {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_MESSAGE);
  if (isNotifierError(error)) return { code: error.code, message, retryAfterMs: error.retryAfterMs };
  const isSettings = error instanceof NotifierConfigError || error instanceof SealError;
  return { code: isSettings ? 'REJECTED' : 'UNREACHABLE', message, retryAfterMs: null };
}
