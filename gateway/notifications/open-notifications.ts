import { createConditionWatch } from '../../core/notifications/condition-watch.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import type { DeliveryStore } from '../database/notifications/delivery-store.ts';
import type { FanOut } from '../database/notifications/fan-out.ts';
import type { GatewayOutbox } from '../database/notifications/outbox.ts';
import type { ChannelConnections } from './channel-connections.ts';
import type { Deliverer } from './deliverer.ts';
import { gatewayConditions, type GatewayFacts } from './gateway-conditions.ts';
import { startRounds } from './rounds.ts';

export interface NotificationsOptions {
  readonly facts: GatewayFacts;
  readonly fanOut: FanOut;
  readonly store: DeliveryStore;
  readonly outbox: GatewayOutbox;
  readonly deliverer: Deliverer;
  readonly connections: ChannelConnections;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Names this life of the process. */
  readonly instanceId: string;
  /** Age at which a notification is given up, ms. */
  readonly giveUpMs: number;
}

const DELIVER_EVERY_MS = 500;
const LOOK_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 10_000;
const ROUND_TIMEOUT_MS = 15_000;
/** A last attempt at the age of giving up has this long. */
const LAST_ATTEMPT_MS = 60_000;
/** How long what was delivered, rejected or given up is kept to be looked at. */
const KEPT_MS = 7 * 86_400_000;

/** Runs the delivery of notifications in this process, beside that of any other gateway, until it is closed. */
export function openNotifications(options: NotificationsOptions): { close(): Promise<void> } {
  const { clock, connections, deliverer, facts, fanOut, outbox, store, telemetry } = options;
  const conditionsOf = createConditionWatch(options.instanceId);

  const ask = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(clock, ROUND_TIMEOUT_MS, 'the database', work);

  /** Deliveries go on where the alerts of now cannot be taken, and the other way round. */
  async function deliver(): Promise<void> {
    await Promise.all([ask((signal) => fanOut.run(signal)), deliverer.look()]);
    await deliverer.look();
  }

  /** Kept until the database has them: a gateway whose disk is full has that to tell. */
  let untold: ReturnType<typeof conditionsOf> = [];
  async function look(): Promise<void> {
    untold = [...untold, ...conditionsOf(clock.now(), gatewayConditions(facts))];
    for (const { notification, scope } of [...untold]) {
      await ask((signal) => outbox.put(notification, scope, signal));
      untold = untold.slice(1);
    }
  }

  async function tidy(): Promise<void> {
    const now = clock.now();
    const oldest = now - options.giveUpMs - LAST_ATTEMPT_MS;
    for (const { alerts, channelId, id } of await ask((signal) => store.giveUp(oldest, now, signal))) {
      telemetry.count('notifications_given_up_total');
      telemetry.log('error', 'a notification is given up', { channelId, notification: id, alerts });
    }
    await ask((signal) => store.forget(now - KEPT_MS, signal));
    const { messages, oldestAt } = await ask((signal) => store.waiting(signal));
    telemetry.gauge('notifications_waiting', messages);
    telemetry.gauge(
      'notifications_waiting_oldest_seconds',
      oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1_000,
    );
  }

  const rounds = startRounds(clock, telemetry, [
    { name: 'deliver notifications', everyMs: DELIVER_EVERY_MS, run: deliver },
    { name: 'look after the gateway', everyMs: LOOK_EVERY_MS, run: look },
    { name: 'tidy notifications up', everyMs: TIDY_EVERY_MS, run: tidy },
  ]);

  return {
    async close() {
      await rounds.close();
      await deliverer.close();
      await connections.close();
    },
  };
}
