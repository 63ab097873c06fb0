import type { Json } from '@omniquant/plugin-sdk';
import { z } from 'zod';

import { OBJECTIVE_FIGURES, type ObjectiveFigure, usualDirection } from '../../core/sweeps/objective.ts';
import type { SweepSettings, WalkForwardSettings } from '../../core/sweeps/sweep-settings.ts';
import { badSetting } from '../backtests/bad-setting.ts';
import { nearestHint } from '../services/nearest-text.ts';

/** Values of a parameter that are searched: those of a list, or a range. */
export type SearchedValues =
  | readonly Json[]
  | {
      readonly min: number;
      readonly max: number;
      /** Values are `min`, `min + step`, and so on; 1 for whole numbers when left out, else any number between. */
      readonly step?: number | null | undefined;
      /** LOG: 1 to 10 gets as much of the search as 10 to 100. */
      readonly scale?: 'LINEAR' | 'LOG' | null | undefined;
    };

/**
 * A sweep as it is asked for: JSON, so that it crosses processes. What is left out has the default of
 * {@link parseSweepRequest}.
 * @example
 * { backtest: { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1' }, space: { fast: { min: 5, max: 30, step: 5 } } }
 */
export interface SweepRequest {
  /** A BacktestRequest; its `config` has the parameters that are not searched. */
  readonly backtest: unknown;
  /** By path, such as "fast"; when left out everything that the strategy's schema gives a range or a choice. */
  readonly space?: { readonly [path: string]: SearchedValues } | null | undefined;
  /** Extension id; by default grid for spaces of up to 1000 points, else tpe. */
  readonly tuner?: string | null | undefined;
  readonly tunerConfig?: { readonly [key: string]: Json | undefined } | null | undefined;
  /** "sharpe" when left out. */
  readonly objective?: ObjectiveFigure | null | undefined;
  /** By default where the figure gets better. */
  readonly direction?: 'MAXIMIZE' | 'MINIMIZE' | null | undefined;
  /** 0 when left out. */
  readonly minimumTrades?: number | null | undefined;
  /** Of the tuner's chance; 0 when left out. */
  readonly seed?: number | null | undefined;
  readonly walkForward?:
    | {
        readonly mode: WalkForwardSettings['mode'];
        readonly trainDays: number;
        readonly testDays: number;
        /** That of a test when left out. */
        readonly stepDays?: number | null | undefined;
        /** 0 when left out. */
        readonly embargoDays?: number | null | undefined;
      }
    | null
    | undefined;
}

/** A request of the right form, with all defaults that depend neither on the strategy nor on the data. */
export interface CheckedSweepRequest extends Pick<SweepSettings, 'objective' | 'seed' | 'walkForward'> {
  readonly backtest: unknown;
  readonly space: { readonly [path: string]: SearchedValues } | null;
  readonly tuner: string | null;
  readonly tunerConfig: { readonly [key: string]: Json | undefined };
}

const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, {
    error: ({ input }) =>
      `has to be one of ${names.join(', ')}${typeof input === 'string' ? nearestHint(input, names) : ''}`,
  });
const number = z.number({ error: 'has to be a number' });
const days = (least: number) =>
  z
    .int({ error: 'has to be whole days' })
    .min(least, `has to be at least ${String(least)}`)
    .max(36_500, 'has to be at most 36500');

const range = z.strictObject(
  {
    ...{ min: number, max: number },
    step: number.positive('has to be above 0').nullish(),
    scale: oneOf(['LINEAR', 'LOG']).nullish(),
  },
  { error: 'has to be a list of values, or an object with min and max' },
);
const values = z.array(z.json()).min(1, 'has to have a value at least').max(1_000, 'has too many values');

const walkForward = z.strictObject(
  {
    mode: oneOf(['ROLLING', 'ANCHORED']),
    ...{ trainDays: days(1), testDays: days(1), stepDays: days(1).nullish(), embargoDays: days(0).nullish() },
  },
  { error: 'has to be an object with mode, trainDays and testDays' },
);

const request = z.strictObject({
  backtest: z.unknown().refine((given) => given !== undefined, 'is missing'),
  space: z
    .record(z.string(), z.unknown(), { error: 'has to be an object' })
    .refine((given) => Object.keys(given).length > 0, 'has to name a parameter at least')
    .nullish(),
  tuner: z.string().min(1, 'is empty').nullish(),
  tunerConfig: z.record(z.string(), z.json(), { error: 'has to be an object' }).nullish(),
  objective: oneOf(OBJECTIVE_FIGURES).nullish(),
  direction: oneOf(['MAXIMIZE', 'MINIMIZE']).nullish(),
  minimumTrades: z.int({ error: 'has to be a whole number' }).min(0, 'has to be at least 0').nullish(),
  seed: z.int({ error: 'has to be a whole number' }).nullish(),
  walkForward: walkForward.nullish(),
} satisfies Record<keyof SweepRequest, unknown>);

/**
 * Checks the form of a request and fills its defaults in; that of `backtest` is left to parseBacktestRequest.
 * @throws BacktestError BAD_USER_INPUT whose `field` is a path in the request, such as "walkForward.trainDays".
 */
export function parseSweepRequest(input: unknown): CheckedSweepRequest {
  const parsed = request.safeParse(input);
  if (!parsed.success) throw problemOf(parsed.error, '');
  const given = parsed.data;
  const figure = given.objective ?? 'sharpe';
  return {
    backtest: given.backtest,
    space: mapped(given.space, spaceOf),
    ...{ tuner: given.tuner ?? null, tunerConfig: given.tunerConfig ?? {}, seed: given.seed ?? 0 },
    objective: {
      figure,
      direction: given.direction ?? usualDirection(figure),
      minimumTrades: given.minimumTrades ?? 0,
    },
    walkForward: mapped(given.walkForward, windowsOf),
  };
}

const mapped = <T, R>(value: T | null | undefined, map: (value: T) => R): R | null =>
  value === null || value === undefined ? null : map(value);

const spaceOf = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, SearchedValues>> =>
  Object.fromEntries(
    Object.entries(given).map(([path, value]) => {
      const parsed = (Array.isArray(value) ? values : range).safeParse(value);
      if (!parsed.success) throw problemOf(parsed.error, `space.${path}`);
      return [path, parsed.data];
    }),
  );

const windowsOf = ({
  embargoDays,
  stepDays,
  ...given
}: z.infer<typeof walkForward>): WalkForwardSettings => ({
  ...given,
  stepDays: stepDays ?? given.testDays,
  embargoDays: embargoDays ?? 0,
});

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(request.shape),
  walkForward: Object.keys(walkForward.shape),
};

function problemOf(error: z.ZodError, place: string): Error {
  const [issue] = error.issues;
  const path = [place, ...(issue?.path.map(String) ?? [])].filter((part) => part !== '');
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = KNOWN[path.join('.')] ?? Object.keys(range.shape);
    return badSetting([...path, key].join('.'), `is not a known setting${nearestHint(key, known)}`);
  }
  return badSetting(path.join('.'), issue?.message ?? 'is wrong');
}
