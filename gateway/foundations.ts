import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';

import type { Bus } from '../core/ports/bus.ts';
import type { Chance, Clock, Ids } from '../core/ports/clock.ts';
import type { Failpoints } from '../core/ports/failpoints.ts';
import type { Telemetry } from '../core/ports/telemetry.ts';
import { type InstallationSecrets, loadInstallationSecrets } from './auth/installation-secrets.ts';
import { createLocalBus } from './cluster/local-bus.ts';
import { createRedisBus } from './cluster/redis-bus.ts';
import { type Config, ConfigError } from './config.ts';
import { type Installation, readInstallation } from './database/installation.ts';
import { type JournalSpaceWatch, watchJournalSpace } from './database/journal-space.ts';
import { type Database, openDatabase } from './database/open-database.ts';
import type { Shutdown } from './shutdown.ts';
import { createProcessFailpoints } from './system/process-failpoints.ts';
import { createSystemClock, createUuidV7Ids, systemChance } from './system/system-clock.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { METRIC_DEFINITIONS } from './telemetry/metric-definitions.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import { createIdOnlyTracing } from './telemetry/tracing.ts';
import { startVenueProcess } from './venue/venue-process.ts';
import { VERSION } from './version.ts';

/** What every process of an installation stands on. */
export interface Groundwork {
  readonly config: Config;
  /** Names this life of the process. */
  readonly instanceId: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly chance: Chance;
  readonly failpoints: Failpoints;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly telemetry: Telemetry;
  readonly secrets: InstallationSecrets;
  readonly database: Database;
  readonly journalSpace: JournalSpaceWatch;
  readonly installation: Installation;
  readonly bus: Bus;
}

/** What stands before the first object of the gateway's own can be made: all that has to be waited for. */
export interface Foundations extends Groundwork {
  readonly venueUrl: string;
}

const MEGABYTE = 1_048_576;

/** Brings them up in order; `shutdown` learns how each is closed. */
export async function layFoundations(
  config: Config,
  shutdown: Shutdown,
  signal: AbortSignal,
): Promise<Foundations> {
  const groundwork = await layGroundwork(config, shutdown, signal);
  const venueUrl = await openVenue(config, groundwork.telemetry, shutdown);
  signal.throwIfAborted();
  return { ...groundwork, venueUrl };
}

/** The same without a venue, for a process that does not trade. */
export async function layGroundwork(
  config: Config,
  shutdown: Shutdown,
  signal: AbortSignal,
): Promise<Groundwork> {
  mkdirSync(config.DATA_DIR, { recursive: true });
  const clock = createSystemClock();
  const failpoints = createProcessFailpoints(config.FAILPOINT);
  const { logger, metrics, telemetry, instanceId } = await openTelemetry(config, shutdown);
  const secrets = await loadInstallationSecrets({
    dataDir: config.DATA_DIR,
    encryptionKey: config.ENCRYPTION_KEY,
    tokenSigningKey: config.TOKEN_SIGNING_KEY,
    internalSecret: config.INTERNAL_SECRET,
  });
  // The database holds the lock on DATA_DIR, so that a second start ends before it touches the venue.
  const database = await openDatabase(config, telemetry.log, signal);
  shutdown.add('the database', () => database.close());
  const journalSpace = watchJournalSpace({
    folders: [...config.JOURNAL_FOLDERS, ...(database.folder === null ? [] : [database.folder])],
    reserve: config.JOURNAL_RESERVE_MB * MEGABYTE,
    clock,
    telemetry,
  });
  shutdown.add('the look at the journal’s disk', () => {
    journalSpace.close();
  });
  const installation = await readInstallation(database.writer, signal);
  const bus = await openBus(config, installation, telemetry);
  shutdown.add('the bus', () => bus.close());
  signal.throwIfAborted();
  return {
    config,
    instanceId,
    clock,
    ids: createUuidV7Ids(() => clock.now()),
    chance: systemChance,
    failpoints,
    logger,
    metrics,
    telemetry,
    secrets,
    database,
    journalSpace,
    installation,
    bus,
  };
}

async function openTelemetry(
  config: Config,
  shutdown: Shutdown,
): Promise<Pick<Foundations, 'logger' | 'metrics' | 'telemetry' | 'instanceId'>> {
  const instanceId = `${hostname()}-${String(process.pid)}-${randomUUID().slice(0, 8)}`;
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing =
    endpoint === undefined
      ? createIdOnlyTracing()
      : // The library takes its time to load: not for a gateway that sends no traces.
        (await import('./telemetry/otlp-tracing.ts')).createOtlpTracing({
          endpoint,
          ratio: config.OTEL_TRACES_SAMPLER_ARG,
          serviceVersion: VERSION,
          instanceId,
        });
  shutdown.add('tracing', () => tracing.close());
  const logger = createLogger({ level: config.LOG_LEVEL, instanceId });
  const metrics = createMetrics(METRIC_DEFINITIONS);
  return { instanceId, logger, metrics, telemetry: createTelemetry(tracing, metrics, logger) };
}

async function openVenue(config: Config, telemetry: Telemetry, shutdown: Shutdown): Promise<string> {
  if (config.VENUE_URL !== undefined) {
    return config.VENUE_URL;
  }
  const venue = await startVenueProcess({
    dataDir: config.DATA_DIR,
    seed: config.VENUE_SEED,
    speed: config.VENUE_SPEED,
    log: telemetry.log,
  });
  shutdown.add('the simulated venue', () => venue.close());
  return venue.url;
}

function openBus(config: Config, installation: Installation, telemetry: Telemetry): Promise<Bus> {
  if (config.REDIS_URL === undefined) {
    return Promise.resolve(
      createLocalBus((error) => {
        telemetry.log('warn', 'a bus listener failed', { error });
      }),
    );
  }
  return createRedisBus({
    url: config.REDIS_URL,
    channel: `omniquant:${installation.id}`,
    log: (level, message, error) => {
      telemetry.log(level, message, { error });
    },
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError('REDIS_URL', `cannot be used: ${why}`);
  });
}
