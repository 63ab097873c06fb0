import type { Dimension, Json, TSchema } from '@omniquant/plugin-sdk';

import { badSetting } from '../backtests/bad-setting.ts';
import { checkConfig } from '../plugins/config-check.ts';
import type { SearchedValues } from './sweep-request.ts';

type Range = Exclude<SearchedValues, readonly Json[]>;

/**
 * A dimension of values that were asked for, which the parameter's schema has to allow. Throws BacktestError
 * BAD_USER_INPUT for `space.<name>`.
 */
export function searchedDimension(name: string, schema: TSchema, values: SearchedValues): Dimension {
  const field = `space.${name}`;
  if (!('min' in values)) return choiceOf(name, schema, values);
  const { max, min, scale = 'LINEAR' } = values;
  const isWhole = schema['type'] === 'integer';
  if (!isWhole && schema['type'] !== 'number') {
    throw badSetting(field, 'is no number: give a list of values instead of a range');
  }
  if (min > max) throw badSetting(`${field}.min`, `is ${String(min)}, above max, which is ${String(max)}`);
  const step = values.step ?? (isWhole ? 1 : null);
  requireWhole(field, isWhole, { min, max, step });
  for (const edge of ['min', 'max'] as const) requireWithin(`${field}.${edge}`, schema, values[edge]);
  if (scale === 'LOG' && min <= 0) {
    throw badSetting(`${field}.min`, `is ${String(min)}: on a log scale it has to be above 0`);
  }
  if (min === max) return { kind: 'choice', name, values: [min] };
  return { kind: 'range', name, low: min, high: max, step, scale: scale === 'LOG' ? 'log' : 'linear' };
}

function requireWhole(
  field: string,
  isWhole: boolean,
  numbers: Pick<Range, 'min' | 'max'> & { readonly step: number | null },
): void {
  if (!isWhole) return;
  for (const [edge, value] of Object.entries(numbers)) {
    if (value === null || Number.isInteger(value)) continue;
    const nearest = Math.max(edge === 'step' ? 1 : -Infinity, Math.round(value));
    throw badSetting(
      `${field}.${edge}`,
      `is ${String(value)}, and the parameter is a whole number: the nearest is ${String(nearest)}`,
    );
  }
}

/** Between the bounds of the schema, of which the nearest is told. */
function requireWithin(field: string, schema: TSchema, value: number): void {
  const { maximum, minimum } = schema as { readonly minimum?: number; readonly maximum?: number };
  const nearest = Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, value));
  if (nearest !== value) {
    const bounds = `from ${String(minimum ?? 'any')} to ${String(maximum ?? 'any')}`;
    throw badSetting(
      field,
      `is ${String(value)}, and the parameter is ${bounds}: the nearest is ${String(nearest)}`,
    );
  }
  requireAllowed(field, schema, value);
}

function choiceOf(name: string, schema: TSchema, values: readonly Json[]): Dimension {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    const field = `space.${name}[${String(index)}]`;
    if (typeof value === 'number') requireWithin(field, schema, value);
    else requireAllowed(field, schema, value);
    const text = JSON.stringify(value);
    if (seen.has(text)) throw badSetting(field, `is ${text} a second time: leave it out`);
    seen.add(text);
  });
  return { kind: 'choice', name, values };
}

function requireAllowed(field: string, schema: TSchema, value: Json): void {
  const { problems } = checkConfig({ type: 'object', properties: { value: schema } } as unknown as TSchema, {
    value,
  });
  const [problem] = problems;
  if (problem !== undefined) {
    throw badSetting(field, `is ${JSON.stringify(value)}: the parameter ${problem.message}`);
  }
}
