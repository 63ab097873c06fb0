import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';

import type { HostedStrategy } from '../../../core/ports/strategy-host.ts';
import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import { packInputs } from './packed-inputs.ts';
import type { FromStrategy, NumberedRequest, StrategyAnswer, StrategyRequest } from './strategy-protocol.ts';

/** What a strategy runs in: a worker thread, or a process of its own. */
export interface StrategyVessel {
  post(request: NumberedRequest): void;
  onMessage(listener: (message: FromStrategy) => void): void;
  /** Called once, whatever ended it. */
  onEnd(listener: (why: HostedStrategyError) => void): void;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): Promise<void>;
}

export interface ChannelOptions {
  /** A request without an answer by then ends it: it is blocked. */
  readonly requestTimeoutMs: number;
  readonly startTimeoutMs: number;
  /** How often one that has nothing to do is asked whether it still answers. */
  readonly heartbeatMs: number;
}

interface Waiting {
  readonly resolve: (answer: StrategyAnswer) => void;
  readonly reject: (error: HostedStrategyError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Requests to a strategy that is elsewhere, each with a deadline: one that does not answer is killed. Rejects
 * with HostedStrategyError when it does not become ready.
 */
export async function openStrategyChannel(
  vessel: StrategyVessel,
  options: ChannelOptions,
): Promise<HostedStrategy> {
  const waiting = new Map<number, Waiting>();
  let numbered = 0;
  /** What it was sent and has not taken: it has them still. */
  let rest: readonly StrategyInput[] = [];
  let over: HostedStrategyError | null = null;
  let tellDeath: (error: HostedStrategyError) => void = () => undefined;
  const died = new Promise<never>((_, reject) => (tellDeath = reject));
  died.catch(() => undefined);

  function end(why: HostedStrategyError): void {
    if (over !== null) return;
    over = why;
    clearInterval(heartbeat);
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(why);
    }
    waiting.clear();
    tellDeath(why);
  }

  function giveUp(what: string, ms: number): void {
    end(
      new HostedStrategyError('STRATEGY_BLOCKED', `${what} took longer than ${String(ms)} ms: it was ended`),
    );
    void vessel.kill();
  }

  function ask(request: StrategyRequest): Promise<StrategyAnswer> {
    return new Promise((resolve, reject) => {
      if (over !== null) {
        reject(over);
        return;
      }
      const id = (numbered += 1);
      const timer = setTimeout(() => {
        giveUp('a step', options.requestTimeoutMs);
      }, options.requestTimeoutMs);
      waiting.set(id, { resolve, reject, timer });
      vessel.post({ id, request });
    });
  }

  const heartbeat = setInterval(() => {
    if (waiting.size === 0) ask({ kind: 'ping' }).catch(() => undefined);
  }, options.heartbeatMs);
  heartbeat.unref();

  const ready = await new Promise<Extract<FromStrategy, { kind: 'ready' }>>((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp('its start', options.startTimeoutMs);
    }, options.startTimeoutMs);
    died.catch((error: unknown) => {
      clearTimeout(timer);
      reject(error instanceof Error ? error : new Error(String(error)));
    });
    vessel.onEnd(end);
    vessel.onMessage((message) => {
      if (message.kind === 'ready') {
        clearTimeout(timer);
        resolve(message);
        return;
      }
      if (message.kind === 'failed' && message.id === null) {
        end(new HostedStrategyError(message.failure.code, message.failure.message));
        void vessel.kill();
        return;
      }
      settle(message);
    });
  });

  function settle(message: Exclude<FromStrategy, { kind: 'ready' }>): void {
    const asked = waiting.get(message.id ?? 0);
    if (asked === undefined) return;
    waiting.delete(message.id ?? 0);
    clearTimeout(asked.timer);
    if (message.kind === 'answer') asked.resolve(message.answer);
    else asked.reject(new HostedStrategyError(message.failure.code, message.failure.message));
  }

  return {
    inputs: ready.inputs,
    remembers: ready.remembers,
    died,
    async warm(bars) {
      await ask({ kind: 'warm', bars });
    },
    async run(inputs, portfolio, save) {
      const isContinued =
        rest.length <= inputs.length && rest.every((input, index) => input === inputs[index]);
      const kept = isContinued ? rest.length : 0;
      const packed = packInputs(inputs.slice(kept));
      const step = await ask({ kind: 'run', kept, inputs: packed, portfolio, save });
      if (step === null) throw new HostedStrategyError('STRATEGY_BROKE_PROTOCOL', 'a step was not answered');
      rest = inputs.slice(step.taken);
      return step;
    },
    async close() {
      end(new HostedStrategyError('STRATEGY_CLOSED', 'it was closed'));
      await vessel.kill();
    },
  };
}
