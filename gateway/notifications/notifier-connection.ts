import type { Notification, Notifier, NotifierDefinition } from '@omniquant/plugin-sdk';

import type { Clock } from '../../core/ports/clock.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import type { ChannelConnectionSettings } from '../database/notifications/channel-connection-store.ts';
import { checkConfig } from '../plugins/config-check.ts';
import { createPluginContext } from '../plugins/plugin-context.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface NotifierConnectionOptions {
  readonly definition: NotifierDefinition;
  readonly plugin: string;
  readonly settings: ChannelConnectionSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Deadline of a delivery, opening the connection included, ms. */
  readonly timeoutMs: number;
  /** Looked at before each delivery; throws a NotifierError for settings that may not be used. */
  readonly check: (settings: ChannelConnectionSettings) => Promise<void>;
}

/** One channel's connection, opened when something is first sent by it. */
export interface NotifierConnection {
  /** Rejects with what the notifier throws, or a DeadlineError for one that does not come back. */
  notify(notification: Notification, signal: AbortSignal): Promise<void>;
  /** Never rejects, and waits for no notifier longer than a moment. */
  close(): Promise<void>;
}

/** The settings are no longer what the notifier's schema asks for, as after a change of the plugin. */
export class NotifierConfigError extends Error {
  readonly code = 'NOTIFIER_CONFIG_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'NotifierConfigError';
  }
}

/** Nobody's shutdown waits for long for a notifier that does not end. */
const CLOSE_TIMEOUT_MS = 3_000;

export function createNotifierConnection(options: NotifierConnectionOptions): NotifierConnection {
  const { clock, definition, logger, plugin, settings, timeoutMs } = options;
  const ended = new AbortController();
  let opening: Promise<Notifier> | null = null;

  async function open(): Promise<Notifier> {
    const { problems, value } = checkConfig(definition.config, settings.config);
    const [problem] = problems;
    if (problem !== undefined) throw new NotifierConfigError(`config.${problem.path} ${problem.message}`);
    const context = createPluginContext({
      plugin,
      extension: definition.id,
      permissions: definition.permissions ?? [],
      signal: ended.signal,
      logger,
      now: () => clock.now(),
      secrets: new Map(Object.entries(settings.secrets)),
      secretsSetBy: 'updateNotificationChannel',
    });
    return definition.connect(value, context);
  }

  return {
    async notify(notification, signal) {
      await withDeadline(
        clock,
        timeoutMs,
        `the notifier ${definition.id}`,
        async (joined) => {
          await options.check(settings);
          opening ??= open();
          const notifier = await opening;
          joined.throwIfAborted();
          await notifier.notify(notification, joined);
        },
        signal,
      );
    },
    async close() {
      ended.abort(new Error('the channel’s connection was closed'));
      const closing = opening?.then((notifier) => notifier.close());
      if (closing === undefined) return;
      await withDeadline(clock, CLOSE_TIMEOUT_MS, `the notifier ${definition.id}`, () => closing).catch(
        (error: unknown) => {
          logger.debug({ error, notifier: definition.id }, 'a notifier did not close cleanly');
        },
      );
    },
  };
}
