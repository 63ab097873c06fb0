import type { Optimizer, OptimizerAsset, OptimizerDefinition, Weights } from '../../optimizer.ts';
import { isOptimizerError, type OptimizerErrorCode } from '../../optimizer-error.ts';
import { Random } from '../../random.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { optimizerConfigFor } from '../strategy-config.ts';
import type { OptimizerConformanceOptions } from './optimizer-conformance-options.ts';

/** What an optimizer did with an input. */
export interface Outcome {
  readonly weights: Weights | null;
  readonly error: OptimizerErrorCode | null;
}

/** A numbered case; `run` throws when the optimizer does not pass. */
export interface OptimizerCase {
  readonly number: string;
  readonly title: string;
  run(kit: OptimizerKit): void | Promise<void>;
}

/** An optimizer with all that the cases run it with. */
export class OptimizerKit {
  readonly definition: OptimizerDefinition;
  readonly options: OptimizerConformanceOptions;

  constructor(definition: OptimizerDefinition, options: OptimizerConformanceOptions) {
    this.definition = definition;
    this.options = options;
  }

  get tolerance(): number {
    return this.options.tolerance ?? 1e-6;
  }

  /** A new one each time. */
  async open(config: unknown = this.options.config): Promise<Optimizer> {
    const checked = optimizerConfigFor(this.definition, config);
    const { signal } = new AbortController();
    const optimizer = await this.definition.create(checked, Object.freeze({ signal }));
    const { bars } = optimizer;
    if (Number.isSafeInteger(bars) && bars >= 0) return optimizer;
    throw new Finding(`bars is ${shown(bars)}: it has to be a whole number of closes from 0`);
  }

  random(name: string): Random {
    return Random.fromSeed('optimizer conformance', this.options.seed ?? 'conformance', name);
  }

  /** Assets that move together in part, each with a volatility of its own; other ones for each name. */
  assets(name: string, bars: number, count = this.options.assets ?? 5): OptimizerAsset[] {
    const random = this.random(name);
    const closes = Array.from({ length: count }, () => [20 + 200 * random.fraction()]);
    for (let bar = 1; bar < bars; bar += 1) {
      const common = random.fraction() - 0.5;
      closes.forEach((series, index) => {
        const own = (random.fraction() - 0.5) * (1 + index / 2);
        series.push(series[bar - 1]! * (1 + 0.02 * common + 0.02 * own));
      });
    }
    return closes.map((series, index) => assetOf(`ASSET-${String(index + 1)}`, series.slice(0, bars)));
  }

  /** Calls it as a host would, with copies, but for the checks: they are what the cases are for. */
  weigh(optimizer: Optimizer, assets: readonly OptimizerAsset[]): Outcome {
    return this.weighThese(optimizer, structuredClone(assets));
  }

  /** The same with the very assets. */
  weighThese(optimizer: Optimizer, assets: readonly OptimizerAsset[]): Outcome {
    try {
      const weights = optimizer.weights({ assets }) as unknown;
      if (weights === null) return { weights: null, error: null };
      if (typeof weights !== 'object') {
        throw new Finding(`it answered a ${typeof weights}, which is neither weights nor null`);
      }
      return { weights: weights as Weights, error: null };
    } catch (cause) {
      if (cause instanceof Finding) throw cause;
      if (isOptimizerError(cause)) return { weights: null, error: cause.code };
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Finding(`it threw something that is no OptimizerError: ${why}`, { cause });
    }
  }

  /** Throws unless it has weights, which is what it should have of ordinary assets. */
  weightsOf(optimizer: Optimizer, assets: readonly OptimizerAsset[]): Weights {
    const { error, weights } = this.weigh(optimizer, assets);
    if (weights === null) throw new Finding(`it has no weights for ordinary prices: ${error ?? 'null'}`);
    return weights;
  }
}

export const assetOf = (symbol: string, closes: readonly number[]): OptimizerAsset => ({
  ...{ symbol, closes, current: null },
  ...{ min: 0, max: 1 },
});

/** Throws for weights of the same assets that are not the same but for rounding. */
export function sameWeights(expected: Outcome, found: Outcome, tolerance: number, what: string): void {
  const symbols = Object.keys(expected.weights ?? found.weights ?? {});
  const isSame =
    expected.error === found.error &&
    (expected.weights === null) === (found.weights === null) &&
    symbols.every((symbol) => {
      const [one, other] = [expected.weights?.[symbol], found.weights?.[symbol]];
      return one !== undefined && other !== undefined && Math.abs(one - other) <= tolerance;
    });
  if (!isSame) throw new Finding(`${what}: ${textOf(found)}, and before ${textOf(expected)}`);
}

const textOf = ({ error, weights }: Outcome): string => error ?? shown(weights);
