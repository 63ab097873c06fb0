import type { MetricDefinition } from '../telemetry/metrics.ts';

/** `operation` is a root field, 'multiple', 'introspection' or 'invalid'; `transport` is http or ws. */
const OPERATION = ['operation', 'transport'];

export const SERVER_METRICS = {
  graphql_requests_total: {
    help: 'GraphQL operations answered, by result: ok, error (some errors in the answer), refused.',
    labels: [...OPERATION, 'result'],
  },
  graphql_request_seconds: {
    help: 'From the arrival of a GraphQL operation to its answer.',
    labels: OPERATION,
  },
  graphql_requests_in_flight: { help: 'GraphQL operations being worked on over HTTP.' },
  ws_sockets: { help: 'WebSockets that are open.' },
  ws_sockets_refused_total: { help: 'WebSockets refused, by cause.', labels: ['cause'] },
  ws_sockets_closed_total: { help: 'WebSockets closed, by close code.', labels: ['code'] },
  subscriptions: { help: 'Subscriptions that are open.', labels: ['operation'] },
  subscription_events_total: { help: 'Events sent to subscribers.', labels: ['operation'] },
  subscriptions_ended_total: {
    help: 'Subscriptions that ended, by why: done, client, error, SLOW_CONSUMER.',
    labels: ['operation', 'cause'],
  },
  account_tails: { help: 'Accounts whose journal is followed for subscribers.' },
  account_tail_failures_total: { help: 'Reads of a followed journal that failed and are repeated.' },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
