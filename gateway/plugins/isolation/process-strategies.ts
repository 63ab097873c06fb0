import type { HostedStrategy, OpenStrategy } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { PlacedStrategy, StrategyPlaces } from './placed-strategy.ts';
import { plainRequest } from './process-protocol.ts';
import type { Quarantine, Suspect } from './quarantine.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import { type ChannelOptions, openStrategyChannel, type StrategyVessel } from './strategy-channel.ts';

export interface ProcessStrategiesOptions {
  readonly sandbox: Sandbox;
  readonly quarantine: Quarantine;
  readonly logger: Logger;
  readonly channel: ChannelOptions;
}

/**
 * Runs each strategy in a sandboxed process of its own, so that nothing is shared between workspaces, nor
 * between two strategies of one: a process that has to be killed takes nobody with it.
 */
export function createProcessStrategies(options: ProcessStrategiesOptions): StrategyPlaces {
  return {
    async open(opening, signal) {
      const suspect = suspectOf(opening);
      options.quarantine.admit(suspect);
      const vessel = await startVessel(opening, options);
      const give = (): void => void vessel.kill();
      signal.addEventListener('abort', give, { once: true });
      try {
        signal.throwIfAborted();
        const hosted = await openStrategyChannel(vessel, options.channel);
        return watched(hosted, (why) => {
          options.quarantine.crashed(suspect, why);
        });
      } catch (error) {
        await vessel.kill();
        if (!signal.aborted) options.quarantine.crashed(suspect, messageOf(error));
        throw error;
      } finally {
        signal.removeEventListener('abort', give);
      }
    },
  };
}

const suspectOf = ({ owner, terms }: OpenStrategy): Suspect => ({
  owner,
  strategy: terms.strategy,
  strategyId: terms.strategyId,
});

async function startVessel(
  { instruments, optimizers, saved, specifier, terms }: PlacedStrategy,
  { logger, sandbox }: ProcessStrategiesOptions,
): Promise<StrategyVessel> {
  const { config, interval, seed, strategy, symbols } = terms;
  const run = { symbols, interval };
  const assignment = { specifier, strategy, config, seed, instruments, saved, run, optimizers };
  return vesselOf(await sandbox.serve(assignment, logger.child({ strategy })));
}

const vesselOf = (sandboxed: SandboxProcess): StrategyVessel => ({
  post({ id, request }) {
    sandboxed.post({ kind: 'request', credit: 1, id, request: plainRequest(request) });
  },
  onMessage(listener) {
    sandboxed.onMessage((message) => {
      if (message.kind !== 'result') listener(message);
    });
  },
  onEnd: (listener) => {
    sandboxed.onEnd(listener);
  },
  kill: () => sandboxed.kill(),
});

/** Tells once of whatever goes wrong with it, and not of its being closed. */
function watched(hosted: HostedStrategy, tell: (why: string) => void): HostedStrategy {
  let isTold = false;
  const watch = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (!isTold) tell(messageOf(error));
      isTold = true;
      throw error;
    });
  watch(hosted.died).catch(() => undefined);
  return {
    inputs: hosted.inputs,
    remembers: hosted.remembers,
    died: hosted.died,
    warm: (bars) => watch(hosted.warm(bars)),
    run: (inputs, portfolio, save) => watch(hosted.run(inputs, portfolio, save)),
    close() {
      isTold = true;
      return hosted.close();
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
