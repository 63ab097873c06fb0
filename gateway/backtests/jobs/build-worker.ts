import { type Config, ConfigError } from '../../config.ts';
import { type Cradle, createGatewayContainer } from '../../container.ts';
import { layGroundwork } from '../../foundations.ts';
import { entriesInUse } from '../../plugins/entries-in-use.ts';
import type { PluginEntry } from '../../plugins/load-plugin.ts';
import { openPlugins } from '../../plugins/open-plugins.ts';
import { OWN_OPTIMIZERS } from '../../plugins/own-optimizers.ts';
import { OWN_STRATEGIES } from '../../plugins/own-strategies.ts';
import { OWN_TUNERS } from '../../plugins/own-tuners.ts';
import { type OperationsServer, startOperationsServer } from '../../server/operations-server.ts';
import { createShutdown, type Shutdown } from '../../shutdown.ts';
import { openBacktests } from './open-backtests.ts';

const OWN_PLUGINS: readonly PluginEntry[] = [...OWN_STRATEGIES, ...OWN_OPTIMIZERS, ...OWN_TUNERS].map(
  (specifier) => ({
    ...{ specifier, grants: [], required: false },
  }),
);

export interface Worker {
  /** Where it tells how it is, http://host:port; null where it does not. */
  readonly address: string | null;
  close(): Promise<void>;
}

/**
 * A process that does backtests of the queue and nothing else, on the database of the gateways. It needs the plugins and
 * the imported bars that they have. Throws ConfigError where it would have a database of its own.
 */
export async function buildWorker(config: Config, signal: AbortSignal): Promise<Worker> {
  if (config.DATABASE_URL === undefined) {
    throw new ConfigError(
      'DATABASE_URL',
      'is needed: a worker takes backtests from the database of gateways',
    );
  }
  if (config.BACKTEST_WORKERS === 0) {
    throw new ConfigError('BACKTEST_WORKERS', 'is 0, with which a worker has nothing to do');
  }
  const shutdown = createShutdown();
  try {
    const groundwork = await layGroundwork(config, shutdown, signal);
    const container = createGatewayContainer(groundwork);
    const { cradle } = container;
    // Closed last: it tells of the draining, too.
    const operations = await openOperations(cradle, shutdown);
    const plugins = await openPlugins(container, entriesInUse(config, OWN_PLUGINS, cradle.sandbox), signal);
    shutdown.add('the plugins', () => plugins.close());
    const backtests = openBacktests(cradle);
    shutdown.add('the backtests', () => backtests.close());
    backtests.start();
    shutdown.add('the readiness', () => {
      operations?.drain();
    });
    signal.throwIfAborted();
    return { address: operations?.address ?? null, close: () => shutdown.run(groundwork.telemetry.log) };
  } catch (error) {
    await shutdown.run(() => undefined);
    throw error;
  }
}

const READY_MS = 2_000;

/** Ready while the database answers, which has the queue. */
async function openOperations(cradle: Cradle, shutdown: Shutdown): Promise<OperationsServer | null> {
  const { config, database, metrics, telemetry } = cradle;
  if (config.WORKER_PORT === undefined) return null;
  const server = await startOperationsServer({
    ...{ host: config.WORKER_HOST, port: config.WORKER_PORT, metrics: metrics.registry, telemetry },
    async readiness() {
      try {
        await database.background.query({ text: 'SELECT 1' }, AbortSignal.timeout(READY_MS));
        return { ready: true, reasons: [] };
      } catch {
        return { ready: false, reasons: ['the database does not answer'] };
      }
    },
  });
  shutdown.add('the operations server', () => server.close());
  return server;
}
