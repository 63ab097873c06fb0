import type { Random } from '@omniquant/plugin-sdk/random';

import type { Clock } from '../../core/ports/clock.ts';
import type { ProcessLife } from './process-life.ts';

/**
 * What a line does. `cut`: nothing passes, and the caller is told or left waiting. `ackless`: requests
 * arrive, answers are lost. `slow`: both take long.
 */
export type LineState = 'up' | 'cut' | 'ackless' | 'slow';

/** The line between a process and something that it asks. */
export interface Line {
  state: LineState;
  /** Longest ordinary way of a message, ms. */
  readonly latencyMs: number;
}

export interface LineErrors {
  /** The request provably did not arrive. */
  notArrived(): Error;
  /** It may have. */
  unknown(): Error;
}

export interface NetworkPort {
  readonly life: ProcessLife;
  readonly clock: Clock;
  readonly random: Random;
  readonly lines: readonly Line[];
  readonly errors: LineErrors;
}

const SLOW_MS = 1_500;

/** A request that goes over the lines: may be late, fail, be answered late or not at all. */
export async function overLines<T>(
  { life, clock, random, lines, errors }: NetworkPort,
  signal: AbortSignal | null,
  request: () => Promise<T> | T,
): Promise<T> {
  await life.awake();
  if (signal?.aborted === true) throw errors.notArrived();
  const isState = (state: LineState): boolean => lines.some((line) => line.state === state);
  const latency = (): number => {
    if (isState('slow')) return random.integer(SLOW_MS / 3, SLOW_MS);
    return random.chance(0.4) ? random.integer(1, Math.max(1, ...lines.map((line) => line.latencyMs))) : 0;
  };
  if (isState('cut')) {
    if (random.chance(0.5)) await aborted(signal, clock, random);
    throw errors.notArrived();
  }
  await wait(clock, latency());
  const result = await attempt(request);
  if (isState('ackless') || isState('cut')) {
    if (random.chance(0.5)) await aborted(signal, clock, random);
    await life.awake();
    throw errors.unknown();
  }
  await wait(clock, latency());
  await life.awake();
  if ('error' in result) throw result.error;
  return result.value;
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(request: () => Promise<T> | T): Promise<Attempt<T>> {
  try {
    return { value: await request() };
  } catch (error) {
    return { error };
  }
}

function wait(clock: Clock, ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => void clock.after(ms, resolve));
}

/** Until the caller gives up, or its system does. */
function aborted(signal: AbortSignal | null, clock: Clock, random: Random): Promise<void> {
  return new Promise((resolve) => {
    clock.after(random.integer(1, 3_000), resolve);
    signal?.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** A port whose every method is a request over the lines. The last argument may be the caller's signal. */
export function portOverLines<T extends object>(port: T, network: NetworkPort): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const last = args.at(-1);
        const signal = last instanceof AbortSignal ? last : null;
        return overLines(network, signal, () => Reflect.apply(member, target, args) as unknown);
      };
    },
  });
}
