import { MOST_IN_WINDOW, MOST_WAITING } from '../../core/notifications/condense.ts';
import type { Cradle } from '../container.ts';
import { createDeliveryStore } from '../database/notifications/delivery-store.ts';
import { createFanOut } from '../database/notifications/fan-out.ts';
import { createGatewayOutbox } from '../database/notifications/outbox.ts';
import { createDeliverer } from './deliverer.ts';
import { openNotifications } from './open-notifications.ts';

/** Delivers alerts by the channels of workspaces, until it is closed. */
export function startNotifications(cradle: Cradle): { close(): Promise<void> } {
  const { chance, channelConnections, clock, config, database, instanceId, telemetry } = cradle;
  const pool = database.background;
  const store = createDeliveryStore(pool, instanceId);
  return openNotifications({
    facts: {
      journalSpace: cradle.journalSpace,
      plugins: cradle.pluginCatalog,
      status: () => cradle.runtime.status(),
    },
    fanOut: createFanOut({
      pool,
      limits: {
        windowMs: config.NOTIFICATION_SUMMARY_MS,
        mostInWindow: MOST_IN_WINDOW,
        mostWaiting: MOST_WAITING,
      },
      now: () => clock.now(),
      onUnreadable: (id, error) => {
        telemetry.log('error', 'an alert cannot be told of', { id, error });
      },
    }),
    store,
    outbox: createGatewayOutbox(pool),
    deliverer: createDeliverer({
      store,
      sender: channelConnections,
      clock,
      chance,
      telemetry,
      timeoutMs: config.NOTIFICATION_TIMEOUT_MS,
      giveUpMs: config.NOTIFICATION_GIVE_UP_MS,
    }),
    connections: channelConnections,
    clock,
    telemetry,
    instanceId,
    giveUpMs: config.NOTIFICATION_GIVE_UP_MS,
  });
}
