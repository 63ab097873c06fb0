import type { Json } from '@omniquant/plugin-sdk';

import type { SearchedValues } from '../../sweeps/sweep-request.ts';
import { UsageError } from '../usage-error.ts';

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e-?\d+)?`;
const RANGE = new RegExp(String.raw`^(${NUMBER})\.\.(${NUMBER})(?::(${NUMBER}))?(:log)?$`, 'i');

/**
 * Values of `--space name=values`. Throws UsageError for what is none.
 * @example "fast=5..30:5" is 5, 10 ... 30; "rate=0.001..1:log"; "method=sma,ema"; "allowShort=true,false"
 */
export function spaceOf(assignments: readonly string[]): Readonly<Record<string, SearchedValues>> | null {
  const space: Record<string, SearchedValues> = {};
  for (const assignment of assignments) {
    const [, name, text = ''] = /^([^=]+)=(.+)$/s.exec(assignment) ?? [];
    if (name === undefined) {
      throw new UsageError(
        `omniquant: --space ${assignment} is no parameter: write --space fast=5..30:5 or --space method=sma,ema`,
      );
    }
    if (Object.hasOwn(space, name)) {
      throw new UsageError(`omniquant: --space ${name} is there twice: leave one out`);
    }
    space[name] = valuesOf(name, text);
  }
  return assignments.length === 0 ? null : space;
}

function valuesOf(name: string, text: string): SearchedValues {
  const [, min, max, step, log] = RANGE.exec(text) ?? [];
  if (min !== undefined && max !== undefined) {
    return {
      ...{ min: Number(min), max: Number(max) },
      ...(step !== undefined && { step: Number(step) }),
      ...(log !== undefined && { scale: 'LOG' as const }),
    };
  }
  if (text.includes('..')) {
    throw new UsageError(
      `omniquant: --space ${name}=${text} is no range: write its least and greatest value and the step, such as ` +
        `${name}=5..30:5, or ${name}=0.001..1:log`,
    );
  }
  return text.split(',').map((value) => valueOf(value.trim()));
}

function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
