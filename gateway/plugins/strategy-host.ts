import type { Config } from '../config.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { StrategyPlaces } from './isolation/placed-strategy.ts';
import { createProcessStrategies } from './isolation/process-strategies.ts';
import { Quarantine } from './isolation/quarantine.ts';
import { createSandbox, type Sandbox } from './isolation/sandbox.ts';
import { createWorkerStrategies } from './isolation/worker-strategies.ts';
import type { Isolation } from './load-plugin.ts';

const HEARTBEAT_MS = 1_000;
const START_TIMEOUT_MS = 20_000;

const CRASHES = 3;
const CRASHES_WITHIN_MS = 600_000;

export const sandboxOf = (config: Config, logger: Logger): Sandbox =>
  createSandbox({
    namespaces: config.STRATEGY_NAMESPACES,
    heapMegabytes: config.STRATEGY_HEAP_MB,
    externalMegabytes: config.STRATEGY_HEAP_MB,
    logger,
  });

/** Runs each strategy in what its plugin is to run in: a worker thread, or a process. */
export function createStrategyPlaces(config: Config, sandbox: Sandbox, logger: Logger): StrategyPlaces {
  const channel = {
    requestTimeoutMs: config.STRATEGY_STEP_TIMEOUT_MS,
    startTimeoutMs: START_TIMEOUT_MS,
    heartbeatMs: HEARTBEAT_MS,
  };
  const places: Readonly<Record<Isolation, StrategyPlaces>> = {
    worker: createWorkerStrategies({
      logger,
      channel,
      heapMegabytes: config.STRATEGY_HEAP_MB,
      externalMegabytes: config.STRATEGY_HEAP_MB,
    }),
    process: createProcessStrategies({
      sandbox,
      quarantine: new Quarantine({
        crashes: CRASHES,
        withinMs: CRASHES_WITHIN_MS,
        now: () => performance.now(),
      }),
      logger,
      channel,
    }),
  };
  return { open: (strategy, signal) => places[strategy.isolation].open(strategy, signal) };
}
