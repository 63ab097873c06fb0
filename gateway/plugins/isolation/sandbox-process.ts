import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';

import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { createFrameReader, encodeFrame, FrameError } from './frames.ts';
import { OutputBudget } from './output-budget.ts';
import { checkedMessage } from './process-messages.ts';
import {
  CHANNEL_FD,
  FIRST_CREDITS,
  type FromProcess,
  LARGEST_FROM_PROCESS,
  LARGEST_TO_PROCESS,
  type ProcessJob,
  PROTOCOL_VERSION,
  type ToProcess,
} from './process-protocol.ts';
import type { SandboxCommand } from './sandbox-command.ts';

/** A process with one job. */
export interface SandboxProcess {
  /** Gives it one credit with the message. Throws HostedStrategyError for a message that is too large. */
  post(message: Extract<ToProcess, { kind: 'request' }>): void;
  onMessage(listener: (message: Exclude<FromProcess, { kind: 'hello' }>) => void): void;
  /** Called once, whatever ended it, also when it has ended already. */
  onEnd(listener: (why: HostedStrategyError) => void): void;
  /** Ends it and everything that it started; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Its own last words, for the log and to tell what it died of. */
const LAST_WORDS = 2_000;
const LAST_LINE = 200;

/** Starts a process, greets it and gives it its job. */
export function startSandboxProcess(
  command: SandboxCommand,
  job: ProcessJob,
  logger: Logger,
): SandboxProcess {
  const child = spawn(command.file, command.args, {
    cwd: '/',
    env: {},
    // A group of its own, so that it is killed whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const channel = child.stdio[CHANNEL_FD] as Duplex;
  let credits = FIRST_CREDITS;
  let isGreeted = false;
  let words = '';
  let why: HostedStrategyError | null = null;
  let heard: (message: Exclude<FromProcess, { kind: 'hello' }>) => void = () => undefined;
  const { promise: ended, resolve: tellEnd } = Promise.withResolvers<HostedStrategyError>();

  function kill(): void {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Between its spawn and its own group there is a moment; and it may be gone.
      child.kill('SIGKILL');
    }
  }

  function refuse(code: string, message: string, cause?: unknown): void {
    why ??= new HostedStrategyError(code, message, { cause });
    channel.destroy();
    kill();
  }

  function write(message: ToProcess): void {
    credits += message.credit;
    channel.write(encodeFrame(message, LARGEST_TO_PROCESS));
  }

  function take(received: unknown): void {
    // What came in the same piece as that for which it was killed.
    if (why !== null) return;
    credits -= 1;
    if (credits < 0) {
      refuse('STRATEGY_FLOODED', 'it sent more messages than it was asked for: it was ended');
      return;
    }
    const message = checkedMessage(received);
    if (message.kind === 'bad' || (message.kind === 'hello') === isGreeted) {
      const what = message.kind === 'bad' ? message.why : `${message.kind} came out of turn`;
      refuse('STRATEGY_BROKE_PROTOCOL', `a message of it is wrong: ${what}`);
    } else if (message.kind === 'hello') {
      greet(message.version);
    } else {
      heard(message);
    }
  }

  function greet(version: number): void {
    isGreeted = true;
    if (version === PROTOCOL_VERSION) {
      write({ kind: 'job', version: PROTOCOL_VERSION, credit: 1, job });
      return;
    }
    refuse(
      'STRATEGY_BROKE_PROTOCOL',
      `its process speaks version ${String(version)} of the channel, this gateway ${String(PROTOCOL_VERSION)}: ` +
        'start the gateway again after an update',
    );
  }

  const read = createFrameReader(LARGEST_FROM_PROCESS, take);
  channel.on('data', (piece: Buffer) => {
    if (why !== null) return;
    try {
      read(piece);
    } catch (cause) {
      if (!(cause instanceof FrameError)) throw cause;
      const isLarge = cause.code === 'FRAME_TOO_LARGE';
      refuse(isLarge ? 'STRATEGY_MESSAGE_TOO_LARGE' : 'STRATEGY_BROKE_PROTOCOL', cause.message, cause);
    }
  });
  // Its end is told by the process itself.
  channel.on('error', () => undefined);
  // It closes the channel and lives on: nothing could be asked of it any more.
  channel.on('end', () => setImmediate(kill));

  const budget = new OutputBudget();
  for (const stream of [child.stdout, child.stderr] as readonly Readable[]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (why !== null) return;
      if (!budget.take(text.length)) {
        refuse('STRATEGY_FLOODED', 'it wrote more to its output than anybody reads: it was ended');
        return;
      }
      words = (words + text).slice(-LAST_WORDS);
      logger.debug({ text: text.slice(0, LAST_WORDS) }, 'a strategy wrote to its output');
    });
    stream.on('error', () => undefined);
  }

  child.once('error', (cause) => {
    tellEnd(
      new HostedStrategyError('STRATEGY_EXITED', `its process cannot be started: ${cause.message}`, {
        cause,
      }),
    );
  });
  // Once its output has been read as well: a death of memory is told there.
  child.once('close', (code, signal) => {
    tellEnd(why ?? describeEnd(code, signal, words));
  });

  return {
    post(message) {
      try {
        write(message);
      } catch (cause) {
        if (!(cause instanceof FrameError)) throw cause;
        throw new HostedStrategyError('STRATEGY_MESSAGE_TOO_LARGE', cause.message, { cause });
      }
    },
    onMessage(listener) {
      heard = listener;
    },
    onEnd(listener) {
      void ended.then(listener);
    },
    async kill() {
      kill();
      await ended;
    },
  };
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, words: string): HostedStrategyError {
  if (/heap out of memory|heap limit|allocation failed|OOMErrorHandler/i.test(words)) {
    return new HostedStrategyError(
      'STRATEGY_OUT_OF_MEMORY',
      'its process ran out of the memory that it may use',
    );
  }
  const how = signal === null ? `code ${String(code)}` : `signal ${signal}`;
  const said = words.replaceAll(/\s+/g, ' ').trim().slice(-LAST_LINE);
  const message = `its process ended with ${how}${said === '' ? '' : `, after it wrote: ${said}`}`;
  return new HostedStrategyError('STRATEGY_EXITED', message);
}
