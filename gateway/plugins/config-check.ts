import type { TSchema } from '@omniquant/plugin-sdk';
import { Ajv, type ErrorObject } from 'ajv';

import { nearestHint } from '../services/nearest-text.ts';

/** One thing wrong with a config: where (a path such as "url" or "fees.rate") and what. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

const ajv = new Ajv({
  ...{ allErrors: true, useDefaults: true, strict: false, verbose: true },
  formats: { uri: isUri },
});

/**
 * Checks a value against an extension's JSON Schema and fills its defaults in (on a copy). Properties
 * that the schema does not name are refused: a misspelt option should not pass for a default. They come first: what
 * is missing may be there under a wrong name.
 */
export function checkConfig(
  schema: TSchema,
  value: unknown,
): { readonly value: Record<string, unknown>; readonly problems: readonly ConfigProblem[] } {
  const copy = structuredClone(value ?? {}) as Record<string, unknown>;
  const closed =
    schema['type'] === 'object' && schema['additionalProperties'] === undefined
      ? { ...schema, additionalProperties: false }
      : schema;
  const validate = ajv.compile(closed);
  const problems = validate(copy) ? [] : [...(validate.errors ?? [])].sort(unknownFirst).map(describe);
  return { value: copy, problems };
}

function describe(error: ErrorObject): ConfigProblem {
  const base = error.instancePath.split('/').filter((part) => part !== '');
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const extra = params.missingProperty ?? params.additionalProperty;
  return {
    path: [...base, ...(extra === undefined ? [] : [extra])].join('.'),
    message:
      params.additionalProperty === undefined
        ? (error.message ?? 'is wrong')
        : `is not a known option${nearestHint(params.additionalProperty, optionsOf(error))}`,
  };
}

const isUnknown = ({ keyword }: ErrorObject): boolean => keyword === 'additionalProperties';

const unknownFirst = (a: ErrorObject, b: ErrorObject): number => Number(isUnknown(b)) - Number(isUnknown(a));

/** What an object with an option that is not known might have had. */
function optionsOf({ parentSchema }: ErrorObject): readonly string[] {
  return Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
}

function isUri(text: string): boolean {
  return URL.canParse(text);
}
