import { z } from 'zod';

import { JOB_SETTINGS } from './job-settings.ts';
import {
  barIntervals,
  count,
  flag,
  httpUrl,
  list,
  marketFeeds,
  milliseconds,
  networks,
  number,
  port,
  postgresUrl,
  type Setting,
  setting,
  text,
} from './setting-kinds.ts';

/**
 * Every setting of the gateway is one entry: its check, its default and its explanation; `.env.example`
 * is printed from it.
 */
export const SETTINGS = {
  NODE_ENV: setting(
    z.enum(['development', 'production', 'test']).default('development'),
    'development',
    'production hides introspection, the demo account and GraphiQL unless they are switched on.',
  ),
  HOST: setting(text.default('127.0.0.1'), '127.0.0.1', 'Address that the public server listens on.'),
  PORT: setting(port.default(4000), '4000', 'Port of the public server; 0 takes a free one.'),
  DATA_DIR: setting(
    text.default('.omniquant'),
    '.omniquant',
    'Folder of everything this machine keeps: the embedded database, the simulated venue, keys, logs.',
  ),
  DATABASE_URL: setting(
    postgresUrl.optional(),
    '',
    'PostgreSQL 15 or newer, as the owner of the schema. Without it an embedded PostgreSQL runs in DATA_DIR.',
  ),
  DATABASE_APP_URL: setting(
    postgresUrl.optional(),
    '',
    'The same database as the role that answers requests; by default made from DATABASE_URL.',
  ),
  DATABASE_WRITER_URL: setting(
    postgresUrl.optional(),
    '',
    'The same database as the role that writes the journal; by default made from DATABASE_URL.',
  ),
  REDIS_URL: setting(
    z.url({ protocol: /^rediss?$/ }).optional(),
    '',
    'Redis 7 for fan-out between processes and shared rate limits. Without it one process stands alone.',
  ),
  INTERNAL_HOST: setting(
    text.default('127.0.0.1'),
    '127.0.0.1',
    'Address of the server for commands from other gateways.',
  ),
  INTERNAL_PORT: setting(port.default(0), '0', 'Its port; 0 takes a free one.'),
  INTERNAL_ADDRESS: setting(
    httpUrl.optional(),
    '',
    'How other gateways reach that server; by default http://INTERNAL_HOST:INTERNAL_PORT.',
  ),
  INTERNAL_SECRET: setting(
    z.string().min(32).optional(),
    '',
    'Shared by the gateways of one installation, at least 32 characters. Needed with DATABASE_URL; else made and kept in DATA_DIR.',
  ),
  ENCRYPTION_KEY: setting(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
      .optional(),
    '',
    '64 hexadecimal digits: wraps broker credentials, peppers API keys. Needed with DATABASE_URL; else made and kept in DATA_DIR.',
  ),
  TOKEN_SIGNING_KEY: setting(
    text.optional(),
    '',
    'Ed25519 private key (PEM, newlines as \\n) for access tokens. Needed with DATABASE_URL; else made and kept in DATA_DIR.',
  ),
  PUBLIC_URL: setting(
    httpUrl.optional(),
    '',
    'The address clients use: issuer of tokens; by default http://HOST:PORT.',
  ),
  ALLOWED_ORIGINS: setting(
    list.default([]),
    '',
    'Origins, separated by commas, that browsers may call from besides the gateway itself.',
  ),
  TRUSTED_PROXIES: setting(
    networks.default([]),
    '',
    'Addresses or networks, separated by commas, of proxies whose X-Forwarded-For is believed.',
  ),
  GRAPHIQL: setting(
    flag.optional(),
    'true',
    'Serves GraphiQL and introspection; by default outside production.',
  ),
  DEMO: setting(
    flag.optional(),
    'true',
    'Makes a demo user and account at the first start; by default outside production on the embedded database, where addresses need no proof.',
  ),
  REQUIRE_EMAIL_VERIFICATION: setting(
    flag.default(false),
    'false',
    'New users prove their address before they sign in; needs SMTP_URL and MAIL_FROM.',
  ),
  EMAIL_VERIFICATION_URL: setting(
    httpUrl.optional(),
    '',
    'Page of a client that takes the token, which is appended; without it the mail has the token alone.',
  ),
  SMTP_URL: setting(
    z.url({ protocol: /^smtps?$/ }).optional(),
    '',
    'Mail server, as smtp[s]://user:password@host:port.',
  ),
  MAIL_FROM: setting(z.email().optional(), '', 'Sender of the mails.'),
  VENUE_URL: setting(
    httpUrl.optional(),
    '',
    'Simulated venue to use. Without it the gateway runs one as a child process, with its data in DATA_DIR.',
  ),
  VENUE_TOKEN: setting(text.optional(), '', 'Token that the venue at VENUE_URL asks for, if it does.'),
  VENUE_SEED: setting(
    number.int().min(0).default(1),
    '1',
    'Seed of the simulated market, at its first start.',
  ),
  VENUE_SPEED: setting(
    number.min(0.1).max(100_000).default(60),
    '60',
    'Market seconds a second on the simulated venue, at its first start; setMarketSpeed changes it later.',
  ),
  QUOTE_STALE_AFTER_MS: setting(
    milliseconds.default(15_000),
    '15000',
    'A quote not renewed for so long is stale: no new risk on it.',
  ),
  RESTRICTED_SYMBOLS: setting(
    list.default([]),
    '',
    'Symbols, separated by commas, that nobody may open positions in.',
  ),
  FLATTEN_ON_DAILY_LOSS: setting(
    flag.default(false),
    'false',
    'Closes all positions when the daily loss halts an account.',
  ),
  MAILBOX_LIMIT: setting(
    count.default(1_000),
    '1000',
    'Commands that may wait for one account; more are answered UNAVAILABLE.',
  ),
  COMMAND_TIMEOUT_MS: setting(
    milliseconds.default(10_000),
    '10000',
    'A command that has not reached the journal by then is dropped.',
  ),
  BROKER_TIMEOUT_MS: setting(
    milliseconds.default(5_000),
    '5000',
    'A request to a broker without an answer by then is in doubt.',
  ),
  LEASE_TTL_MS: setting(
    milliseconds.min(1_000).default(2_500),
    '2500',
    'How long a gateway that stopped keeps its accounts from the others.',
  ),
  DRAIN_MS: setting(
    number.int().min(0).max(15_000).default(0),
    '0',
    'How long a gateway that is told to stop still serves, with /readyz at 503, so that a load balancer turns away first.',
  ),
  SNAPSHOT_EVERY: setting(count.default(5_000), '5000', 'Events of an account between two snapshots.'),
  JOURNAL_FOLDERS: setting(
    list.default([]),
    '',
    "Folders, separated by commas, on the disks of PostgreSQL's data and write-ahead log, where this machine sees them; the embedded one's is known.",
  ),
  JOURNAL_RESERVE_MB: setting(
    number.int().min(0).default(256),
    '256',
    'With less room on one of those disks only cancels and orders that make a position smaller are taken.',
  ),
  RECONCILE_EVERY_MS: setting(
    milliseconds.default(5_000),
    '5000',
    'How often positions and cash are compared with the broker.',
  ),
  MISMATCH_GRACE_MS: setting(
    milliseconds.default(10_000),
    '10000',
    'How long they may differ before entries are blocked.',
  ),
  PLUGINS_FILE: setting(
    text.optional(),
    '',
    'List of the plugins to load besides the own ones, as JSON; by default plugins.json in DATA_DIR.',
  ),
  MARKET_DATA_FEEDS: setting(
    marketFeeds.default([]),
    '',
    'Brokers whose market data comes from a feed of a plugin instead, such as simulated=replay; also broker/connection=feed.',
  ),
  STORE_BARS: setting(
    barIntervals.default([]),
    '',
    'Intervals, separated by commas, such as MINUTE_1,DAY_1: bars of them that brokers and feeds deliver are kept in the database for backtests; by default none.',
  ),
  STORED_BARS_DAYS: setting(
    number.int().min(0).max(36_500).default(0),
    '0',
    'How many days before the last bar of its series a kept bar is forgotten, by the time of its market; 0 keeps all.',
  ),
  PLUGIN_RELOAD: setting(
    flag.default(false),
    'false',
    'Loads a plugin that is listed by its path anew when one of its files is saved; npm run dev switches it on.',
  ),
  STRATEGY_ISOLATION: setting(
    z.enum(['worker', 'process']).default('worker'),
    'worker',
    'What strategies run in unless the list of plugins says otherwise: a thread, or a sandboxed process (docs/PLUGIN-ISOLATION.md).',
  ),
  STRATEGY_NAMESPACES: setting(
    z.enum(['required', 'preferred']).default('required'),
    'required',
    'Where the host gives no namespaces, sandboxed strategies are refused (required), or run with their network open (preferred).',
  ),
  STRATEGY_STEP_TIMEOUT_MS: setting(
    milliseconds.default(5_000),
    '5000',
    'A strategy that works longer on a step is ended, and begins again from what was saved.',
  ),
  STRATEGY_HEAP_MB: setting(
    count.default(128),
    '128',
    'Memory of one strategy, MB: as much for its heap, and as much outside of it.',
  ),
  ...JOB_SETTINGS,
  NOTIFICATION_TIMEOUT_MS: setting(
    milliseconds.default(15_000),
    '15000',
    'A notifier that has not delivered a notification by then is asked again later.',
  ),
  NOTIFICATION_SUMMARY_MS: setting(
    milliseconds.default(60_000),
    '60000',
    'Alerts of one kind and account that follow another within this time are sent as one summary after it.',
  ),
  NOTIFICATION_GIVE_UP_MS: setting(
    milliseconds.default(86_400_000),
    '86400000',
    'Age at which a notification that could not be delivered is given up.',
  ),
  NOTIFICATION_PRIVATE_HOSTS: setting(
    flag.optional(),
    'true',
    'Channels of all workspaces may send to addresses of the gateway’s own network, and not only those of the workspace that runs it; by default outside production.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    httpUrl.optional(),
    '',
    'OTLP/HTTP collector for traces, e.g. Tempo. Without it nothing is recorded.',
  ),
  OTEL_TRACES_SAMPLER_ARG: setting(
    number.min(0).max(1).default(1),
    '1',
    'Share of traces that are recorded when an exporter is set.',
  ),
  LOG_LEVEL: setting(
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'info',
    'Least severe log lines that are written.',
  ),
  FAILPOINT: setting(
    text.optional(),
    '',
    'Tests only (NODE_ENV=test): name[:n[:stop]], dies or stops at the n-th passage of a failpoint; or @file to arm it later.',
  ),
} as const satisfies Record<string, Setting>;
