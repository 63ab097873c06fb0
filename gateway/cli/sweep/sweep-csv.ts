import { statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { Json } from '@omniquant/plugin-sdk';

import { searchedValues } from '../../../core/sweeps/dimension-places.ts';
import { OBJECTIVE_FIGURES } from '../../../core/sweeps/objective.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import { csvOf } from '../../reports/csv.ts';
import type { SweepOutcome } from '../../sweeps/local/run-sweep.ts';
import { UsageError } from '../usage-error.ts';

/** Before hours have been spent on what cannot be written. Throws UsageError. */
export function checkSweepCsv(path: string | null): void {
  if (path === null) return;
  const folder = dirname(resolve(path));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`omniquant: --csv ${path}: there is no folder ${folder}`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`omniquant: --csv ${path} is a folder: name a file`);
  }
}

/** Every run of a sweep in the order of its search, tests last: what is searched, the score, all figures. */
export function writeSweepCsv(path: string, settings: SweepSettings, outcome: SweepOutcome): void {
  const { evaluations, state } = outcome;
  const names = settings.space.dimensions.map(({ name }) => name);
  const searched = state.searches.flatMap((search, window) =>
    search.trials.map((trial) => ({ ...search.taskOf(trial), score: trial.score ?? null, window })),
  );
  const tests = (state.windows ?? []).flatMap((_, window) => {
    const task = state.testOf(window);
    return task === null ? [] : [{ ...task, score: null, window }];
  });
  const rows = [...searched, ...tests].map(({ from, key, parameters, score, stage, to, window }) => {
    const found = evaluations.get(key);
    const values = searchedValues(settings.space, parameters);
    const figures = OBJECTIVE_FIGURES.map((name) => found?.performance?.[name] ?? null);
    return [
      ...[window, stage, new Date(from).toISOString(), new Date(to).toISOString()],
      ...names.map((name) => cellOf(values[name] ?? null)),
      ...[score, ...figures, found?.resultHash ?? null, found?.failure?.code ?? null],
    ];
  });
  const columns = ['window', 'stage', 'from', 'to', ...names.map((name) => `parameter.${name}`)];
  writeFileSync(
    path,
    csvOf({ columns: [...columns, 'score', ...OBJECTIVE_FIGURES, 'resultHash', 'failure'], rows }),
  );
}

const cellOf = (value: Json): string | number | null =>
  typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value);
