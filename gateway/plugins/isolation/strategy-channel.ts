import type { SavedStrategy, StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import type { HostedStep, HostedStrategy } from '../../../core/ports/strategy-host.ts';
import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import { packInputs } from './packed-inputs.ts';
import { SentInputs } from './sent-inputs.ts';
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
  const sent = new SentInputs();
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

  let isReady = false;
  const heartbeat = setInterval(() => {
    // Before it is ready nobody is there to answer; its start has a deadline of its own.
    if (isReady && waiting.size === 0) ask({ kind: 'ping' }).catch(() => undefined);
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
        isReady = true;
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

  /** Runs the first `count` of the inputs, of which it has `kept` already. */
  async function runSome(
    inputs: readonly StrategyInput[],
    kept: number,
    count: number,
    portfolio: PortfolioData | null,
    save: boolean,
  ): Promise<HostedStep> {
    const hasAll = kept === count && kept === sent.count && portfolio === null;
    const step = await ask(
      hasAll
        ? { kind: 'goOn', save }
        : { kind: 'run', kept, inputs: packInputs(inputs.slice(kept, count)), portfolio, save },
    );
    if (step === null) throw new HostedStrategyError('STRATEGY_BROKE_PROTOCOL', 'a step was not answered');
    sent.set(inputs, step.taken, count);
    return { ...step, saved: textOf(step.saved) };
  }

  return {
    inputs: ready.inputs,
    remembers: ready.remembers,
    died,
    async warm(bars) {
      await ask({ kind: 'warm', bars });
    },
    async run(inputs, portfolio, save) {
      const kept = sent.keptBy(inputs);
      // To add a few to the many that it has, at each step, would take longer than the step.
      const some = kept * 2 < inputs.length ? inputs.length : kept;
      const step = await runSome(inputs, kept, some, portfolio, save && some === inputs.length);
      if (some === inputs.length || step.effects.length > 0 || step.taken !== some) return step;
      const others = await runSome(inputs.slice(some), 0, inputs.length - some, null, save);
      return { ...others, taken: some + others.taken };
    },
    async close() {
      end(new HostedStrategyError('STRATEGY_CLOSED', 'it was closed'));
      await vessel.kill();
    },
  };
}

function textOf(saved: SavedStrategy | string | null): (() => string) | null {
  if (saved === null) return null;
  return typeof saved === 'string' ? () => saved : () => JSON.stringify(saved);
}
