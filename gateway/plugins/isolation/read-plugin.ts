import type { Extension, StrategyRun, StrategyUses } from '@omniquant/plugin-sdk';
import { usesOf } from '@omniquant/plugin-sdk/strategy-instance';

import type { CheckedParameters } from '../../../core/ports/plugin-catalog.ts';
import {
  type CheckedStrategy,
  checkOptimizerParameters,
  checkStrategyParameters,
} from '../strategy-parameters.ts';
import { findOptimizer, findStrategy, importPlugin } from './serve-strategy.ts';

/*
 * What a gateway has to know of a plugin whose code it does not run itself: read in the plugin's own process.
 */

/** A plugin without its functions. */
export interface DescribedPlugin {
  readonly name: string;
  readonly version: string;
  readonly api: string;
  readonly extensions: readonly DescribedExtension[];
  /** It has a `start` or `stop`, which would run in the gateway. */
  readonly hasLifecycle: boolean;
}

export interface DescribedExtension {
  readonly kind: string;
  readonly id: string;
  readonly description: string;
  readonly config: unknown;
  /** It may use extensions of other plugins: it has to be asked which. */
  readonly hasUses: boolean;
}

/** Parameters of a strategy for a run. */
export interface StrategyQuestion {
  readonly specifier: string;
  readonly strategy: string;
  readonly config: unknown;
  readonly run: StrategyRun;
}

export interface OptimizerQuestion {
  readonly specifier: string;
  readonly id: string;
  readonly config: unknown;
}

export async function describePlugin(specifier: string): Promise<DescribedPlugin> {
  const plugin = await importPlugin(specifier);
  const extensions = plugin.extensions as readonly unknown[] as readonly Extension[];
  return {
    name: plugin.name,
    version: plugin.version,
    api: plugin.api,
    extensions: extensions.map((extension) => {
      const { config, description, id, kind } = extension;
      return { kind, id, description, config, hasUses: kind === 'strategy' && extension.uses !== undefined };
    }),
    hasLifecycle: plugin.start !== undefined || plugin.stop !== undefined,
  };
}

export const checkStrategy = async (question: StrategyQuestion): Promise<CheckedStrategy> =>
  checkStrategyParameters(await findStrategy(question), question.config, question.run);

export const usesOfStrategy = async (question: StrategyQuestion): Promise<StrategyUses> =>
  usesOf(await findStrategy(question), question.config, question.run);

export const checkOptimizer = async (question: OptimizerQuestion): Promise<CheckedParameters> =>
  checkOptimizerParameters(await findOptimizer(question), question.config);
