import { Random } from '@omniquant/plugin-sdk/random';

import { type Failpoint, FAILPOINTS } from '../../core/ports/failpoints.ts';

/** What a client asks for. Orders are named by their number among the plan's placements. */
export type Ask =
  | {
      readonly kind: 'place';
      readonly number: number;
      readonly side: 'BUY' | 'SELL';
      readonly quantity: number;
      /** Null is a market order. */
      readonly limitPrice: string | null;
      readonly bracket: boolean;
    }
  | { readonly kind: 'placeAgain'; readonly number: number }
  | { readonly kind: 'cancel'; readonly number: number }
  | {
      readonly kind: 'replace';
      readonly number: number;
      readonly quantity: number;
      readonly limitPrice: string;
    }
  | { readonly kind: 'close' }
  | { readonly kind: 'cancelAll' };

export type Fault =
  | { readonly kind: 'kill'; readonly gateway: number }
  | { readonly kind: 'killAt'; readonly gateway: number; readonly point: Failpoint; readonly passage: number }
  | { readonly kind: 'stop'; readonly gateway: number; readonly ms: number }
  | {
      readonly kind: 'stopAt';
      readonly gateway: number;
      readonly point: Failpoint;
      readonly passage: number;
      readonly ms: number;
    }
  | { readonly kind: 'drain'; readonly gateway: number }
  | {
      readonly kind: 'line';
      readonly gateway: number;
      readonly to: 'store' | 'venue' | 'peers';
      readonly state: 'cut' | 'ackless' | 'slow';
      readonly ms: number;
    }
  | { readonly kind: 'store'; readonly state: 'cut' | 'ackless' | 'slow'; readonly ms: number }
  | {
      readonly kind: 'appends';
      readonly outcomes: readonly ('fail' | 'unknown-committed' | 'unknown-lost')[];
    }
  | { readonly kind: 'lossy'; readonly gateway: number; readonly ms: number; readonly notices: boolean }
  | { readonly kind: 'halfOpen'; readonly gateway: number; readonly ms: number; readonly notices: boolean }
  | { readonly kind: 'skew'; readonly gateway: number; readonly ms: number }
  | { readonly kind: 'silentBus'; readonly ms: number };

export interface Step {
  /** Virtual ms after the beginning. */
  readonly at: number;
  readonly account: number;
  readonly act: Ask | Fault;
}

/** A run of the simulation, all of it: the same plan gives the same run. */
export interface Plan {
  readonly seed: number;
  readonly gateways: number;
  readonly accounts: number;
  readonly refusesDuplicates: boolean;
  /** Whether each account has a strategy that orders by itself. */
  readonly strategies: boolean;
  readonly steps: readonly Step[];
}

/** From here on nothing is asked and everything is mended. */
export const HEALED_AT = 5_500;

/** Those that a run without strategies passes. */
const POINTS = FAILPOINTS.filter((point) => !point.startsWith('strategy'));

const ASKS = new Set(['place', 'placeAgain', 'cancel', 'replace', 'close', 'cancelAll']);
export const isAsk = (act: Ask | Fault): act is Ask => ASKS.has(act.kind);

export function planOf(seed: number): Plan {
  const random = Random.fromSeed('plan', seed);
  const strategies = Random.fromSeed('strategies', seed).chance(0.2);
  const points = strategies ? FAILPOINTS : POINTS;
  const gateways = random.integer(2, random.chance(0.2) ? 4 : 3);
  const accounts = random.integer(1, 2);
  const steps: Step[] = [];
  let placed = 0;
  for (const at of randomTimes(random, random.integer(6, 24), HEALED_AT - 1_500)) {
    const act = randomAsk(random, placed);
    if (act.kind === 'place') placed += 1;
    steps.push({ at, account: random.integer(0, accounts - 1), act });
  }
  // Some faults are only seen when others have not ended yet.
  const faults = random.chance(0.2) ? random.integer(6, 16) : random.integer(0, 6);
  for (const at of randomTimes(random, faults, HEALED_AT - 1_000)) {
    steps.push({ at, account: 0, act: randomFault(random, gateways, points) });
  }
  steps.sort((a, b) => a.at - b.at);
  return { seed, gateways, accounts, refusesDuplicates: random.chance(0.6), strategies, steps };
}

/** In order; some at once with the one before, so that they meet in one commit. */
function randomTimes(random: Random, count: number, until: number): readonly number[] {
  const times = Array.from({ length: count }, () => random.integer(0, until)).sort((a, b) => a - b);
  return times.map((at, index) => (random.chance(0.25) ? (times[index - 1] ?? at) : at));
}

function randomAsk(random: Random, placed: number): Ask {
  const draw = random.fraction();
  if (placed === 0 || draw < 0.5) {
    return {
      kind: 'place',
      number: placed,
      side: random.chance(0.6) ? 'BUY' : 'SELL',
      quantity: random.integer(1, 12),
      limitPrice: random.chance(0.4) ? null : randomPrice(random),
      bracket: random.chance(0.12),
    };
  }
  const number = random.integer(0, placed - 1);
  if (draw < 0.58) return { kind: 'placeAgain', number };
  if (draw < 0.78) return { kind: 'cancel', number };
  if (draw < 0.92) {
    const quantity = random.integer(1, 15);
    return { kind: 'replace', number, quantity, limitPrice: randomPrice(random) };
  }
  return draw < 0.96 ? { kind: 'close' } : { kind: 'cancelAll' };
}

/** Near enough to the market for a price collar. */
const randomPrice = (random: Random): string =>
  `${String(random.integer(96, 103))}.${String(random.integer(10, 99))}`;

function randomFault(random: Random, gateways: number, points: readonly Failpoint[]): Fault {
  const gateway = random.integer(0, gateways - 1);
  const ms = random.integer(50, random.chance(0.3) ? 6_000 : 1_500);
  const pick = <T>(items: readonly T[]): T => items[random.integer(0, items.length - 1)]!;
  const point = pick(points);
  const passage = random.integer(1, 4);
  const state = pick(['cut', 'ackless', 'slow'] as const);
  const notices = random.chance(0.5);
  return pick<() => Fault>([
    () => ({ kind: 'kill', gateway }),
    () => ({ kind: 'killAt', gateway, point, passage }),
    () => ({ kind: 'killAt', gateway, point, passage }),
    () => ({ kind: 'stop', gateway, ms }),
    () => ({ kind: 'stopAt', gateway, point, passage, ms }),
    () => ({ kind: 'drain', gateway }),
    () => ({ kind: 'line', gateway, to: 'store', state, ms }),
    () => ({ kind: 'line', gateway, to: 'venue', state, ms }),
    () => ({ kind: 'line', gateway, to: 'peers', state, ms }),
    () => ({ kind: 'store', state, ms: Math.min(ms, 3_000) }),
    () => ({
      kind: 'appends',
      outcomes: Array.from({ length: passage }, () =>
        pick(['fail', 'unknown-committed', 'unknown-lost'] as const),
      ),
    }),
    () => ({ kind: 'lossy', gateway, ms, notices }),
    () => ({ kind: 'lossy', gateway, ms: 3 * ms, notices }),
    () => ({ kind: 'halfOpen', gateway, ms, notices }),
    () => ({ kind: 'skew', gateway, ms: random.integer(-3_600_000, 3_600_000) }),
    () => ({ kind: 'silentBus', ms }),
  ])();
}
