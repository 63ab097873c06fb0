import { Worker } from 'node:worker_threads';

import { HostedStrategyError, type StrategyHost } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type ChannelOptions, openStrategyChannel, type StrategyVessel } from './strategy-channel.ts';
import type { FromStrategy, StrategyAssignment } from './strategy-protocol.ts';

export interface WorkerStrategiesOptions {
  /** Where a strategy's plugin is: a package name or a file URL; undefined when no plugin has it. */
  readonly find: (strategy: string) => string | undefined;
  readonly logger: Logger;
  readonly channel: ChannelOptions;
  /** Heap of one strategy, MB. */
  readonly heapMegabytes: number;
  /** Memory outside the heap, such as Buffers, of one strategy, MB. The heap's limit does not bound it. */
  readonly externalMegabytes: number;
}

const MEGABYTE = 1_048_576;
const MEMORY_LOOK_MS = 500;
const YOUNG_MEGABYTES = 16;
const STACK_MEGABYTES = 4;

/**
 * Runs each strategy in a worker thread of its own: one that throws, blocks, leaks or exits costs itself
 * alone. The thread has no environment, and its output goes to the log. This guards against mistakes, not
 * against malice: a thread can still open files and sockets.
 */
export function createWorkerStrategies(options: WorkerStrategiesOptions): StrategyHost {
  return {
    async open({ terms, instruments, saved }, signal) {
      const specifier = options.find(terms.strategy);
      if (specifier === undefined) {
        const message = `no loaded plugin has the strategy ${terms.strategy}`;
        throw new HostedStrategyError('PLUGIN_NOT_FOUND', message, { isHopeless: true });
      }
      const { config, interval, seed, strategy, symbols } = terms;
      const vessel = startWorker(
        { specifier, strategy, config, seed, instruments, saved, run: { symbols, interval } },
        options,
      );
      const give = (): void => void vessel.kill();
      signal.addEventListener('abort', give, { once: true });
      try {
        return await openStrategyChannel(vessel, options.channel);
      } finally {
        signal.removeEventListener('abort', give);
      }
    },
  };
}

function startWorker(assignment: StrategyAssignment, options: WorkerStrategiesOptions): StrategyVessel {
  const { externalMegabytes, heapMegabytes, logger } = options;
  const log = logger.child({ strategy: assignment.strategy });
  const file = import.meta.url.endsWith('.ts') ? './strategy-worker.ts' : './strategy-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: assignment,
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: heapMegabytes,
      maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
      stackSizeMb: STACK_MEGABYTES,
    },
  });
  worker.unref();
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.debug({ text: text.slice(0, 2_000) }, 'a strategy wrote to its output');
    });
  }

  let why: HostedStrategyError | null = null;
  const watch = setInterval(() => {
    worker.getHeapStatistics().then(
      ({ external_memory: external }) => {
        if (external <= externalMegabytes * MEGABYTE) return;
        why ??= new HostedStrategyError(
          'STRATEGY_OUT_OF_MEMORY',
          `it held ${String(Math.round(external / MEGABYTE))} MB outside its heap, of ${String(externalMegabytes)} allowed`,
        );
        void worker.terminate();
      },
      () => undefined,
    );
  }, MEMORY_LOOK_MS);
  watch.unref();

  return {
    post(request) {
      const { request: asked } = request;
      worker.postMessage(request, asked.kind === 'run' ? [asked.inputs.rows.buffer] : []);
    },
    onMessage(listener) {
      worker.on('message', (message: FromStrategy) => {
        listener(message);
      });
      worker.on('messageerror', (cause) => {
        why ??= new HostedStrategyError('STRATEGY_BROKE_PROTOCOL', 'an answer cannot be read', { cause });
        void worker.terminate();
      });
    },
    onEnd(listener) {
      worker.on('error', (cause: Error & { readonly code?: string }) => {
        why ??= new HostedStrategyError(
          cause.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'STRATEGY_OUT_OF_MEMORY' : 'STRATEGY_THREW',
          cause.message,
          { cause },
        );
      });
      worker.on('exit', (code) => {
        clearInterval(watch);
        listener(
          why ?? new HostedStrategyError('STRATEGY_EXITED', `its thread ended with code ${String(code)}`),
        );
      });
    },
    async kill() {
      clearInterval(watch);
      await worker.terminate();
    },
  };
}
