import type { TSchema } from '@sinclair/typebox';
import { Ajv } from 'ajv';

/** Why a schema refuses a config; null when it takes it. Checked as a gateway checks it. */
export function configProblem(schema: TSchema, config: unknown): string | null {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    formats: { uri: (text: string) => URL.canParse(text) },
  });
  const validate = ajv.compile(schema);
  return validate(structuredClone(config)) ? null : ajv.errorsText(validate.errors);
}
