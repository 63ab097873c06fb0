import 'reflect-metadata';

import { asValue } from 'awilix';

import { openBacktests } from './backtests/jobs/open-backtests.ts';
import { type InternalServer, startInternalServer } from './cluster/internal-server.ts';
import type { Config } from './config.ts';
import { type Cradle, createGatewayContainer } from './container.ts';
import type { DemoNote } from './demo/demo-note.ts';
import { startDemo } from './demo/start-demo.ts';
import { type Foundations, layFoundations } from './foundations.ts';
import { startNotifications } from './notifications/start-notifications.ts';
import { openApi } from './open-api.ts';
import { entriesInUse } from './plugins/entries-in-use.ts';
import type { PluginEntry } from './plugins/load-plugin.ts';
import { checkMarketFeeds } from './plugins/market-feeds-check.ts';
import { openPlugins } from './plugins/open-plugins.ts';
import { OWN_OPTIMIZERS } from './plugins/own-optimizers.ts';
import { OWN_STRATEGIES } from './plugins/own-strategies.ts';
import { OWN_TUNERS } from './plugins/own-tuners.ts';
import { createShutdown } from './shutdown.ts';
import type { Logger } from './telemetry/logger.ts';

/** A gateway that is running: what `main.ts` and every end-to-end test start. */
export interface Gateway {
  readonly config: Config;
  readonly logger: Logger;
  /** http://host:port of the public server. */
  readonly address: string;
  /** The demo user and account, where there are any. */
  readonly demo: DemoNote | null;
  /** For tests that look inside. */
  readonly cradle: Cradle;
  /** Drains and closes everything; safe to call again. */
  close(): Promise<void>;
}

/** First-party plugins come in by package name, the way of any other plugin. */
const OWN_PLUGINS: readonly PluginEntry[] = [
  ...[...OWN_STRATEGIES, ...OWN_OPTIMIZERS, ...OWN_TUNERS].map((specifier): PluginEntry => ({
    specifier,
    grants: [],
    required: false,
  })),
  ...['email', 'pagerduty', 'slack', 'webhook'].map((notifier): PluginEntry => ({
    specifier: `@omniquant/notifier-${notifier}`,
    grants: ['network', 'secrets'],
    required: false,
  })),
  { specifier: '@omniquant/feed-files', grants: [], required: false },
  { specifier: '@omniquant/feed-replay', grants: ['storage'], required: false },
];

/**
 * Settings -> foundations (database, venue, bus) -> container -> plugins -> trading -> servers. What
 * has been started when a step fails is closed again before the error goes on.
 */
export async function buildGateway(
  config: Config,
  signal: AbortSignal = new AbortController().signal,
): Promise<Gateway> {
  const shutdown = createShutdown();
  try {
    const foundations = await layFoundations(config, shutdown, signal);
    const container = createGatewayContainer(foundations);
    const { cradle } = container;

    const plugins = await openPlugins(
      container,
      [simulatedBroker(foundations), ...entriesInUse(config, OWN_PLUGINS, cradle.sandbox)],
      signal,
    );
    shutdown.add('the plugins', () => plugins.close());
    shutdown.add('the jobs', () => cradle.jobPool.close());
    const backtests = openBacktests(cradle);
    shutdown.add('the backtests', () => backtests.close());
    checkMarketFeeds(config.MARKET_DATA_FEEDS, cradle.pluginHost);

    const internal = await startInternal(cradle);
    shutdown.add('the internal server', () => internal.close());
    container.register('internalAddress', asValue(config.INTERNAL_ADDRESS ?? internal.address));

    shutdown.add('the stored bars', () => cradle.barStore.close());
    shutdown.add('trading', async () => {
      await cradle.runtime.close();
      cradle.forwarder.close();
    });
    await cradle.runtime.start();
    signal.throwIfAborted();

    const notifications = startNotifications(cradle);
    shutdown.add('the notifications', () => notifications.close());
    const api = await openApi(cradle, shutdown);
    const demo = config.DEMO ? await startDemo(cradle, api, signal) : null;
    backtests.start();
    // Nobody who asked for the end meanwhile is left with a gateway that runs.
    signal.throwIfAborted();
    return {
      config,
      logger: foundations.logger,
      address: api.address,
      demo,
      cradle,
      close: () => shutdown.run(foundations.telemetry.log),
    };
  } catch (error) {
    await shutdown.run(() => undefined);
    throw error;
  }
}

/** With the venue that this gateway runs or was told of: what no account may change. */
const simulatedBroker = ({ config, venueUrl }: Foundations): PluginEntry => ({
  specifier: '@omniquant/broker-simulated',
  grants: ['network', 'secrets'],
  required: true,
  config: {
    'broker:simulated': {
      url: venueUrl,
      ...(config.VENUE_TOKEN === undefined ? {} : { token: config.VENUE_TOKEN }),
    },
  },
});

/** Its address must be known before the runtime is made, so it looks the runtime up when a command comes. */
function startInternal(cradle: Cradle): Promise<InternalServer> {
  const { config, clock, secrets } = cradle;
  return startInternalServer({
    host: config.INTERNAL_HOST,
    port: config.INTERNAL_PORT,
    secret: secrets.internalSecret.reveal(),
    clock,
    accounts: {
      executeAll: (accountId, commands, meta) => cradle.runtime.local.executeAll(accountId, commands, meta),
      preview: (accountId, command, meta) => cradle.runtime.local.preview(accountId, command, meta),
    },
  });
}
