import { Worker } from 'node:worker_threads';

import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { AnswerSlot } from './answer-slot.ts';
import { GoOnSignal } from './go-on-signal.ts';
import { lookForAnswers } from './look-for-answers.ts';
import type { StrategyPlaces } from './placed-strategy.ts';
import { type ChannelOptions, openStrategyChannel, type StrategyVessel } from './strategy-channel.ts';
import type { FromStrategy, StrategyAssignment, ThreadAssignment } from './strategy-protocol.ts';

export interface WorkerStrategiesOptions {
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
export function createWorkerStrategies(options: WorkerStrategiesOptions): StrategyPlaces {
  return {
    async open({ instruments, optimizers, saved, specifier, terms }, signal) {
      const { config, interval, seed, strategy, symbols } = terms;
      const run = { symbols, interval };
      const vessel = startWorker(
        { specifier, strategy, config, seed, instruments, saved, run, optimizers },
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
  const goOn = new GoOnSignal();
  const slot = new AnswerSlot();
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { assignment, goOn: goOn.memory, answers: slot.memory } satisfies ThreadAssignment,
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

  let hear: (message: FromStrategy) => void = () => undefined;
  const look = lookForAnswers(slot, (message) => {
    hear(message);
  });

  return {
    post(request) {
      const { request: asked } = request;
      if (asked.kind === 'run') worker.postMessage(request, [asked.inputs.rows.buffer]);
      else if (!goOn.give(request)) worker.postMessage(request);
      if (goOn.isLookedAt) look();
    },
    onMessage(listener) {
      hear = listener;
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
