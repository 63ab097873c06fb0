import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

import type { FeedDefinition } from '../feed.ts';
import type { OptimizerDefinition } from '../optimizer.ts';
import type { StrategyDefinition, StrategyRun } from '../strategy.ts';
import type { TunerDefinition } from '../tuner.ts';
import { ReplayError } from './replay-error.ts';

const ajv = new Ajv({
  allErrors: true,
  useDefaults: true,
  strict: false,
  formats: { uri: (text: string) => URL.canParse(text) },
});

/** A schema is compiled once: its $id may not be given to the validator twice. */
const validators = new WeakMap<object, ValidateFunction>();

type Configured = Pick<
  StrategyDefinition | OptimizerDefinition | FeedDefinition | TunerDefinition,
  'id' | 'config'
>;

function validatorOf(definition: Configured): ValidateFunction {
  const schema = definition.config as Readonly<Record<string, unknown>>;
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const isOpen = schema['type'] !== 'object' || schema['additionalProperties'] !== undefined;
  const validate = ajv.compile(isOpen ? schema : { ...schema, additionalProperties: false });
  validators.set(schema, validate);
  return validate;
}

const describe = ({ instancePath, message, params }: ErrorObject): string => {
  const { additionalProperty } = params as { readonly additionalProperty?: string };
  const where = instancePath === '' ? 'the config' : instancePath.slice(1).replaceAll('/', '.');
  return additionalProperty === undefined
    ? `${where} ${message ?? 'is wrong'}`
    : `${where} has no option ${additionalProperty}`;
};

type Problem = { readonly field: string; readonly message: string } | null | undefined;

function checked(definition: Configured, given: unknown, check: (config: unknown) => Problem): unknown {
  const config = structuredClone(given ?? {});
  const validate = validatorOf(definition);
  const refuse = (problems: string): never => {
    throw new ReplayError('REPLAY_CONFIG', `${definition.id} does not take this config: ${problems}`);
  };
  if (!validate(config)) refuse((validate.errors ?? []).map(describe).join('; '));
  const problem = check(config) ?? null;
  if (problem !== null) refuse(`${problem.field} ${problem.message}`);
  return config;
}

/**
 * Parameters as a gateway would hand them over: checked against the schema and by the definition's own
 * `check`, with defaults filled in; options that the schema does not name are refused. Throws
 * {@link ReplayError} REPLAY_CONFIG with all that is wrong.
 */
export const configFor = (definition: StrategyDefinition, given: unknown, run: StrategyRun): unknown =>
  checked(definition, given, (config) => definition.check?.(config, run));

/** The same for an optimizer. */
export const optimizerConfigFor = (definition: OptimizerDefinition, given: unknown): unknown =>
  checked(definition, given, (config) => definition.check?.(config));

/** The same for a tuner. */
export const tunerConfigFor = (definition: TunerDefinition, given: unknown): unknown =>
  checked(definition, given, (config) => definition.check?.(config));

/** The same for a feed. */
export const feedConfigFor = (definition: FeedDefinition, given: unknown): unknown =>
  checked(definition, given, () => null);
