import type { Json, StrategyDefinition, TunerDefinition } from '@omniquant/plugin-sdk';

import { parameterValues } from '../backtest/parameters.ts';
import { type OptionValues, requestOf } from '../backtest/request-of.ts';
import { UsageError } from '../usage-error.ts';
import { spaceOf } from './space-text.ts';
import { daysOf } from './span-text.ts';

/**
 * The SweepRequest that a command line comes to; whether it makes sense is for prepareSweep to say. Throws UsageError for
 * what cannot be read.
 */
export function sweepRequestOf(
  values: OptionValues,
  strategy: StrategyDefinition | null,
  tuner: TunerDefinition | null,
): Readonly<Record<string, unknown>> {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const list = (name: string): readonly string[] => (values[name] ?? []) as readonly string[];
  const backtest = requestOf(values, strategy);
  return {
    backtest,
    space: spaceOf(list('space')),
    ...{ tuner: text('tuner'), objective: text('objective'), direction: text('direction')?.toUpperCase() },
    tunerConfig: tunerConfig(list('tuner-set'), text('trials'), tuner),
    minimumTrades: numberOf(text('min-trades')),
    seed: backtest['seed'],
    walkForward: walkForwardOf(text),
  };
}

function tunerConfig(
  assignments: readonly string[],
  trials: string | undefined,
  tuner: TunerDefinition | null,
): Readonly<Record<string, Json>> {
  const given = parameterValues(assignments, tuner?.config ?? null);
  return trials === undefined ? given : { ...given, trials: numberOf(trials) ?? trials };
}

/** What is no number stays a text, and is refused as one. */
const numberOf = (text: string | undefined): number | string | undefined =>
  text !== undefined && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

const SPANS = ['train', 'test', 'step', 'embargo'] as const;

function walkForwardOf(text: (name: string) => string | undefined): Readonly<Record<string, unknown>> | null {
  const mode = text('walk-forward');
  const given = SPANS.filter((name) => text(name) !== undefined);
  const [first] = given;
  if (mode === undefined) {
    if (first === undefined) return null;
    throw new UsageError(
      `omniquant: --${first} is of a walk-forward: give --walk-forward rolling or anchored, too`,
    );
  }
  for (const needed of ['train', 'test'] as const) {
    if (text(needed) === undefined) {
      throw new UsageError(`omniquant: --walk-forward needs --${needed}, such as --${needed} 1y`);
    }
  }
  const spans = given.map((name) => [`${name}Days`, daysOf(name, text(name) ?? '')] as const);
  return { mode: mode.toUpperCase(), ...Object.fromEntries(spans) };
}
