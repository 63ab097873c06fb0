import { Random } from '../../random.ts';
import type { StrategyDefinition, StrategyInputs, StrategyRun } from '../../strategy.ts';
import type { StrategyEffect } from '../../strategy-effects.ts';
import type { Bar } from '../../strategy-inputs.ts';
import { type Optimizers, wantedInputs } from '../../strategy-instance.ts';
import { optimizersFor } from '../lent-optimizers.ts';
import { prepareReplay } from '../replay.ts';
import type { ReplayProbe, StrategyReplay } from '../replay/strategy-replay.ts';
import type { ReplayOptions } from '../replay-options.ts';
import type { ReplayedEffect } from '../replay-result.ts';
import { configFor } from '../strategy-config.ts';
import type { StrategyConformanceOptions } from './conformance-options.ts';
import { kitBars } from './kit-bars.ts';

/** What a case found; the list of cases gives it its number. */
export class Finding extends Error {}

/** A replay of the kit: what the options of the strategy do not say. */
export interface KitReplay extends Pick<
  ReplayOptions,
  'refuse' | 'venueCancels' | 'maxVolumeShare' | 'warmup'
> {
  readonly probe?: ReplayProbe;
  readonly reversesTies?: boolean;
}

/** A strategy with all that the cases run it with. */
export class Kit {
  readonly definition: StrategyDefinition;
  readonly options: StrategyConformanceOptions;
  readonly run: StrategyRun;
  readonly count: number;
  private optimizers: Optimizers = new Map();

  constructor(definition: StrategyDefinition, options: StrategyConformanceOptions) {
    this.definition = definition;
    this.options = options;
    const { bars = 300, interval = 'HOUR_1', symbols = ['AAA', 'BBB'] } = options;
    this.run = Object.freeze({ symbols: Object.freeze([...symbols]), interval });
    this.count = bars;
  }

  /** Sets up what the strategy uses, before the first case. */
  async open(): Promise<void> {
    const { definition, options, run } = this;
    if (definition.uses === undefined) return;
    const { config } = this;
    this.optimizers = await optimizersFor(definition, config, run, options.optimizers ?? []);
  }

  get config(): unknown {
    return configFor(this.definition, this.options.config, this.run);
  }

  get wanted(): Required<StrategyInputs> {
    return wantedInputs(this.definition, this.config, this.run, this.optimizers);
  }

  /** Effects from one instant at which bars end to the next that are no flood. */
  get mostEffects(): number {
    return (this.options.mostEffects ?? 20) * this.run.symbols.length;
  }

  random(name: string): Random {
    return Random.fromSeed('conformance', this.seed, name);
  }

  /** Bars of their own for each name. */
  bars(name: string, count = this.count): readonly Bar[] {
    const seed = `${this.seed}/${name}`;
    const { makeBars } = this.options;
    if (makeBars !== undefined) return makeBars(seed, count);
    const { intervals, warmup } = this.wanted;
    return kitBars({
      ...{ run: this.run, warmup, count, seed },
      intervals: [...new Set([this.run.interval, ...intervals])],
    });
  }

  prepare(
    bars: readonly Bar[],
    { probe = {}, reversesTies = false, ...rest }: KitReplay = {},
  ): StrategyReplay {
    const { config, replay = {} } = this.options;
    const own = { leverage: null, ...replay, ...rest, config, ...this.run, seed: this.seed };
    return prepareReplay(this.definition, bars, own, this.optimizers, probe, reversesTies);
  }

  /** A whole run, `onStop` included. */
  play(bars: readonly Bar[], options: KitReplay = {}): StrategyReplay {
    const replay = this.prepare(bars, options);
    replay.play();
    replay.stop();
    return replay;
  }

  /** A probe that finds a flood. */
  floodGate(): ReplayProbe {
    const most = this.mostEffects;
    return {
      afterMoment(_, effects) {
        if (effects > most) {
          throw new Finding(
            `${String(effects)} effects from one bar to the next: more than ${String(most)} are a flood`,
          );
        }
      },
    };
  }

  private get seed(): string {
    return this.options.seed ?? 'conformance';
  }
}

/** Any value as text, the same for the same value. */
export const shown = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${String(item)}n` : item));

/** Throws what is different first. */
export function sameEffects(
  expected: readonly ReplayedEffect[],
  found: readonly ReplayedEffect[],
  what: string,
): void {
  const length = Math.max(expected.length, found.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [expected[index], found[index]];
    if (one !== undefined && other !== undefined && shown(one) === shown(other)) continue;
    const text = (effect: ReplayedEffect | undefined): string =>
      effect === undefined ? 'nothing' : shown(effect);
    throw new Finding(`${what}: effect ${String(index)} is ${text(other)} and was ${text(one)}`);
  }
}

/** The symbol that an effect names; null for none. */
export const symbolOf = (effect: StrategyEffect): string | null => {
  switch (effect.type) {
    case 'place':
      return effect.order.symbol;
    case 'close':
    case 'cancelAll':
      return effect.symbol;
    default:
      return null;
  }
};

/** Throws for an effect on a symbol that the strategy was not started with. */
export const onlyGivenSymbols = (kit: Kit, effects: readonly ReplayedEffect[]): void => {
  for (const { effect } of effects) {
    const symbol = symbolOf(effect);
    if (symbol !== null && !kit.run.symbols.includes(symbol)) {
      throw new Finding(`it was not started with the symbol of ${shown(effect)}`);
    }
  }
};

export const isBinding = ({ effect }: ReplayedEffect): boolean =>
  effect.type !== 'log' && effect.type !== 'metric';

/** A numbered case; `run` throws when the strategy does not pass. */
export interface KitCase {
  readonly number: string;
  readonly title: string;
  /** Left out for a strategy that it does not concern. */
  readonly appliesTo?: (options: StrategyConformanceOptions) => boolean;
  run(kit: Kit): void;
}
