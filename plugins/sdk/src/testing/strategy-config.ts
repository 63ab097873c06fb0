import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

import type { StrategyDefinition, StrategyRun } from '../strategy.ts';
import { ReplayError } from './replay-error.ts';

const ajv = new Ajv({
  allErrors: true,
  useDefaults: true,
  strict: false,
  formats: { uri: (text: string) => URL.canParse(text) },
});

/** A schema is compiled once: its $id may not be given to the validator twice. */
const validators = new WeakMap<object, ValidateFunction>();

function validatorOf(definition: StrategyDefinition): ValidateFunction {
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

/**
 * Parameters as a gateway would hand them over: checked against the schema and by the definition's own
 * `check`, with defaults filled in; options that the schema does not name are refused. Throws
 * {@link ReplayError} REPLAY_CONFIG with all that is wrong.
 */
export function configFor(definition: StrategyDefinition, given: unknown, run: StrategyRun): unknown {
  const config = structuredClone(given ?? {});
  const validate = validatorOf(definition);
  if (!validate(config)) {
    const problems = (validate.errors ?? []).map(describe).join('; ');
    throw new ReplayError('REPLAY_CONFIG', `${definition.id} does not take this config: ${problems}`);
  }
  const problem = definition.check?.(config, run) ?? null;
  if (problem === null) return config;
  const { field, message } = problem;
  throw new ReplayError('REPLAY_CONFIG', `${definition.id} does not take this config: ${field} ${message}`);
}
