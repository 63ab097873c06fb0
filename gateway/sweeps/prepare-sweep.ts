import {
  SearchSpaceError,
  sizeOf,
  type StrategyDefinition,
  type TunerDefinition,
} from '@omniquant/plugin-sdk';

import { SweepError } from '../../core/sweeps/sweep-error.ts';
import type { SweepSettings, SweptBacktest } from '../../core/sweeps/sweep-settings.ts';
import { SweepState } from '../../core/sweeps/sweep-state.ts';
import type { BacktestExtensions } from '../backtests/backtest-extensions.ts';
import { parseBacktestRequest } from '../backtests/backtest-request.ts';
import { backtestSettings } from '../backtests/backtest-settings.ts';
import { badSetting } from '../backtests/bad-setting.ts';
import { type BacktestSurroundings, findStrategy } from '../backtests/prepare-backtest.ts';
import { checkConfig } from '../plugins/config-check.ts';
import { nearestHint } from '../services/nearest-text.ts';
import { underField } from './sweep-field.ts';
import { type CheckedSweepRequest, parseSweepRequest } from './sweep-request.ts';
import { sweepSpace } from './sweep-space.ts';
import { sweptDays } from './swept-days.ts';

/** A sweep that can be run: everything of its request has been checked, but for the parameter sets themselves. */
export interface PreparedSweep {
  readonly settings: SweepSettings;
  readonly strategy: StrategyDefinition;
  readonly tuner: TunerDefinition;
}

/** Spaces of more points are searched by a tuner that learns, when nothing else is said. */
const MOST_OF_GRID = 1_000;

/**
 * Checks a request against strategy, tuner and data. It runs code of the plugins, so that it is called where they may
 * run.
 * @param input JSON: a SweepRequest.
 * @throws BacktestError BAD_USER_INPUT with the `field` of the request that is wrong, such as "backtest.symbols[0]" or
 * "space.fast.max", and the nearest valid value; SweepError TUNER_FAILED.
 */
export async function prepareSweep(
  input: unknown,
  surroundings: BacktestSurroundings,
  signal: AbortSignal,
): Promise<PreparedSweep> {
  const { data, extensions } = surroundings;
  const request = parseSweepRequest(input);
  const { backtest, strategy } = underField('backtest', () => {
    const checked = parseBacktestRequest(request.backtest);
    return { backtest: checked, strategy: findStrategy(checked.strategy, extensions) };
  });
  const space = sweepSpace(strategy, backtest.config, request.space);
  const template = underField('backtest', () => backtestSettings(backtest, {}, data));
  const { config: _, ...common } = template;
  const size = sizeOf(space);
  const tuner = findTuner(request.tuner ?? (size <= MOST_OF_GRID ? 'grid' : 'tpe'), extensions);
  const days = await sweptDays(template, { strategy, space }, surroundings, signal);
  const swept: SweptBacktest = { ...common, ...days };
  const { objective, seed, walkForward } = request;
  const settings: SweepSettings = {
    ...{ backtest: swept, space, objective, seed, walkForward },
    tuner: { id: tuner.id, config: tunerConfig(tuner, request) },
  };
  requireRunnable(settings, tuner);
  return { settings, strategy, tuner };
}

function findTuner(id: string, extensions: BacktestExtensions): TunerDefinition {
  const { problems, tuners } = extensions;
  const found = extensions.tuner(id);
  if (found !== null) return found;
  const hint = nearestHint(id, tuners);
  const known = hint === '' ? `: there are ${tuners.join(', ') || 'none'}` : hint;
  const failed = problems.length === 0 ? '' : `; not loaded: ${problems.join('; ')}`;
  throw badSetting('tuner', `is ${JSON.stringify(id)}, which no loaded plugin has${known}${failed}`);
}

function tunerConfig(
  tuner: TunerDefinition,
  { tunerConfig: given }: CheckedSweepRequest,
): SweepSettings['tuner']['config'] {
  const { problems, value } = checkConfig(tuner.config, given);
  const [problem] = problems;
  const wrong =
    problem === undefined ? tuner.check?.(value) : { field: problem.path, message: problem.message };
  if (wrong !== null && wrong !== undefined) {
    const field = ['tunerConfig', wrong.field].filter((part) => part !== '').join('.');
    throw badSetting(field, `${wrong.message} (parameters of the tuner ${tuner.id})`);
  }
  return value as SweepSettings['tuner']['config'];
}

/** Whether there are windows, and the tuner can search the space: a sweep that is begun says so. */
function requireRunnable(settings: SweepSettings, tuner: TunerDefinition): void {
  try {
    new SweepState(settings, tuner);
  } catch (error) {
    if (error instanceof SearchSpaceError) {
      throw badSetting(
        error.field === '' ? 'space' : `space.${error.field}`,
        `cannot be searched by ${tuner.id}: ${error.message}`,
      );
    }
    if (error instanceof SweepError && error.code === 'BAD_USER_INPUT' && error.field !== null) {
      throw badSetting(error.field, error.message.slice(error.field.length).trimStart());
    }
    throw error;
  }
}
