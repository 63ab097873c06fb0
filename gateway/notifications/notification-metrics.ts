import type { MetricDefinition } from '../telemetry/metrics.ts';

export const NOTIFICATION_METRICS: Readonly<Record<string, MetricDefinition>> = {
  notification_attempts_total: {
    help: 'Attempts to deliver a notification, by notifier and outcome (WAITING: it is sent again).',
    labels: ['notifier', 'outcome'],
  },
  notifications_given_up_total: { help: 'Notifications that waited for too long without an attempt.' },
  notifications_waiting: { help: 'Notifications that wait for delivery, of all gateways.' },
  notifications_waiting_oldest_seconds: { help: 'Age of the oldest of them.' },
};
