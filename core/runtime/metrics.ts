/**
 * What the runtime measures: names as given to Telemetry, with help texts and labels for whoever
 * exports them. Buckets are seconds unless given.
 */
export interface RuntimeMetric {
  readonly help: string;
  readonly labels?: readonly string[];
  readonly buckets?: readonly number[];
}

const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

export const RUNTIME_METRICS = {
  commands_total: { help: 'Commands of clients answered, by kind and result.', labels: ['kind', 'result'] },
  command_seconds: { help: 'From the arrival of a command to its durable answer.', labels: ['kind'] },
  commands_refused_total: { help: 'Commands answered UNAVAILABLE, by cause.', labels: ['cause'] },
  decide_faults_total: {
    help: 'Commands whose decision failed by a fault of the gateway.',
    labels: ['kind'],
  },
  mailbox_depth: { help: 'Commands waiting for a decision, over all accounts.' },
  journal_commit_seconds: { help: 'Duration of one append to the journal.' },
  journal_batch_events: { help: 'Events in one append.', buckets: SIZES },
  journal_batch_accounts: { help: 'Accounts in one append.', buckets: SIZES },
  journal_events_total: { help: 'Events committed.' },
  journal_failures_total: { help: 'Appends that failed, by what is known of them.', labels: ['code'] },
  accounts_fenced_total: { help: 'Account batches left out because another owner had taken over.' },
  accounts_owned: { help: 'Accounts that this process writes.' },
  accounts_broken: { help: 'Accounts whose journal cannot be read: they are not loaded.' },
  account_load_seconds: { help: 'Time to bring an account into memory.' },
  snapshots_total: { help: 'Snapshots saved, by result.', labels: ['result'] },
  shards_owned: { help: 'Shards whose lease this process holds.' },
  leases_lost_total: { help: 'Leases that ended before they were given back.' },
  broker_requests_total: {
    help: 'Requests to brokers, by what became of them.',
    labels: ['broker', 'request', 'outcome'],
  },
  broker_request_seconds: { help: 'Time of a request to a broker.', labels: ['broker', 'request'] },
  broker_ready: { help: '1 while the connection is ready.', labels: ['broker', 'connection'] },
  broker_resyncs_total: { help: 'Times that orders and fills were asked for anew.', labels: ['broker'] },
  broker_sync_failures_total: {
    help: 'Accounts that could not be brought in line at once.',
    labels: ['broker'],
  },
  orders_in_doubt: { help: 'Orders whose state at the venue is not known.' },
  in_doubt_oldest_seconds: { help: 'Age of the oldest order in doubt.' },
  in_doubt_settled_total: { help: 'Orders in doubt that were settled, by how.', labels: ['how'] },
  reconciliation_differences: {
    help: 'Positions and balances that differ from the broker, within or past the grace.',
  },
  strategies_running: { help: 'Strategies that this process runs.' },
  strategy_failures_total: { help: 'Strategies that failed, by what happened.', labels: ['code'] },
  strategy_metric: { help: 'What strategies measure of themselves.', labels: ['strategy', 'name'] },
  feed_ready: { help: '1 while the feed is open and streams.', labels: ['feed'] },
  feed_events_total: { help: 'Events of feeds that were taken.', labels: ['feed', 'kind'] },
  feed_events_refused_total: { help: 'Events of feeds that made no sense.', labels: ['feed'] },
  feed_streams_lost_total: { help: 'Streams of feeds that had to be opened anew.', labels: ['feed'] },
  feed_gaps_total: { help: 'Times that something of a feed was missed.', labels: ['feed'] },
  stored_bars_total: {
    help: 'Bars that were to be kept (WRITTEN; DROPPED: no room; PARTIAL: begun before, and not to be had whole; FORGOTTEN: too old), and writes of them that failed (FAILED_WRITE).',
    labels: ['result'],
  },
  stored_bars_waiting: { help: 'Bars that are yet to be written.' },
  quotes_total: { help: 'Quotes received.', labels: ['broker'] },
} as const satisfies Readonly<Record<string, RuntimeMetric>>;

export type RuntimeMetricName = keyof typeof RUNTIME_METRICS;
