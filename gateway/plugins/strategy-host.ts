import type { StrategyHost } from '../../core/ports/strategy-host.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createWorkerStrategies } from './isolation/worker-strategies.ts';
import type { PluginHost } from './plugin-host.ts';

const HEARTBEAT_MS = 1_000;
const START_TIMEOUT_MS = 20_000;

/** Runs the strategies of the plugins in use, each in a worker thread of its own. */
export function createStrategyHost(host: PluginHost, config: Config, logger: Logger): StrategyHost {
  return createWorkerStrategies({
    find: (strategy) => host.extension('strategy', strategy)?.specifier,
    logger,
    channel: {
      requestTimeoutMs: config.STRATEGY_STEP_TIMEOUT_MS,
      startTimeoutMs: START_TIMEOUT_MS,
      heartbeatMs: HEARTBEAT_MS,
    },
    heapMegabytes: config.STRATEGY_HEAP_MB,
    externalMegabytes: config.STRATEGY_HEAP_MB,
  });
}
