import type {
  OptimizerDefinition,
  StrategyDefinition,
  StrategyRun,
  StrategyUses,
} from '@omniquant/plugin-sdk';
import { usesOf } from '@omniquant/plugin-sdk/strategy-instance';

import type {
  CheckedParameters,
  ParameterProblem,
  StrategyParameters,
} from '../../core/ports/plugin-catalog.ts';
import { checkConfig } from './config-check.ts';

/** Parameters of a strategy that have passed, with their defaults, and what it uses with them. */
export type CheckedStrategy =
  | { readonly config: StrategyParameters; readonly uses: StrategyUses }
  | Extract<CheckedParameters, { problems: unknown }>;

/** Parameters as the strategy's schema and its own `check` let them pass. Runs code of the plugin. */
export function checkStrategyParameters(
  definition: StrategyDefinition,
  given: unknown,
  run: StrategyRun,
): CheckedStrategy {
  const checked = checkAgainst(definition.config, given, (value) => {
    const problem = definition.check?.(value, run) ?? null;
    return problem === null ? null : { ...problem, ...(isOfRun(problem, definition) && { isOfRun: true }) };
  });
  if (!('config' in checked)) return checked;
  try {
    return { config: checked.config, uses: usesOf(definition, checked.config, run) };
  } catch (error) {
    return { problems: [unchecked(error)] };
  }
}

/** Parameters as the optimizer's schema and its own `check` let them pass. Runs code of the plugin. */
export const checkOptimizerParameters = (
  definition: Pick<OptimizerDefinition, 'config' | 'check'>,
  given: unknown,
): CheckedParameters => checkAgainst(definition.config, given, (value) => definition.check?.(value));

const OF_RUN = /^(symbols|interval)\b/;

/** A parameter of the same name goes before what the run has. */
function isOfRun({ field }: ParameterProblem, { config }: StrategyDefinition): boolean {
  const [name] = OF_RUN.exec(field) ?? [];
  return name !== undefined && !Object.hasOwn((config['properties'] as object | undefined) ?? {}, name);
}

function checkAgainst(
  schema: StrategyDefinition['config'],
  given: unknown,
  check: (value: object) => ParameterProblem | null | undefined,
): CheckedParameters {
  const { problems, value } = checkConfig(schema, given);
  if (problems.length > 0) {
    return { problems: problems.map(({ path, message }) => ({ field: path, message })) };
  }
  try {
    const problem = check(value) ?? null;
    return problem === null ? { config: value as StrategyParameters } : { problems: [problem] };
  } catch (error) {
    return { problems: [unchecked(error)] };
  }
}

/** A check that throws is a fault of the plugin; what it checks would not start either. */
const unchecked = (error: unknown): ParameterProblem => ({
  field: '',
  message: `cannot be checked: ${error instanceof Error ? error.message : String(error)}`,
});
