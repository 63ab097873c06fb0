import 'reflect-metadata';

import { join } from 'node:path';

import { asValue } from 'awilix';

import { type InternalServer, startInternalServer } from './cluster/internal-server.ts';
import type { Config } from './config.ts';
import { type Cradle, createGatewayContainer } from './container.ts';
import type { DemoNote } from './demo/demo-note.ts';
import { startDemo } from './demo/start-demo.ts';
import { layFoundations } from './foundations.ts';
import { openApi } from './open-api.ts';
import type { PluginEntry } from './plugins/load-plugin.ts';
import { startPluginHost } from './plugins/plugin-host.ts';
import { pluginEntries } from './plugins/plugin-list.ts';
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
  { specifier: '@omniquant/broker-simulated', grants: ['network', 'secrets'], required: true },
  ...['breakout', 'execution', 'mean-reversion', 'pairs', 'rebalance', 'sma-cross'].map(
    (strategy): PluginEntry => ({
      specifier: `@omniquant/strategy-${strategy}`,
      grants: [],
      required: false,
    }),
  ),
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

    const host = await startPluginHost({
      entries: [
        ...OWN_PLUGINS,
        ...pluginEntries(config.PLUGINS_FILE ?? join(config.DATA_DIR, 'plugins.json')),
      ],
      container,
      logger: foundations.logger,
      now: () => foundations.clock.now(),
    });
    shutdown.add('the plugins', () => host.close());
    container.register('pluginHost', asValue(host));

    const internal = await startInternal(cradle);
    shutdown.add('the internal server', () => internal.close());
    container.register('internalAddress', asValue(config.INTERNAL_ADDRESS ?? internal.address));

    shutdown.add('trading', async () => {
      await cradle.runtime.close();
      cradle.forwarder.close();
    });
    await cradle.runtime.start();
    signal.throwIfAborted();

    const api = await openApi(cradle, shutdown);
    const demo = config.DEMO ? await startDemo(cradle, api, signal) : null;
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
