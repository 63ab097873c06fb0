import type { SearchSpace } from '../../search-space.ts';
import { type Dimension, pointsOf } from '../../search-space-dimension.ts';
import type { Json } from '../../strategy-effects.ts';
import type { Candidate } from '../../tuner.ts';
import { definitionProblem } from '../conformance/definition-problem.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { ReplayError } from '../replay-error.ts';
import type { TunerCase } from './tuner-kit.ts';

export const tunerConfigCase: TunerCase = {
  number: 'U1',
  title: 'its config is a JSON Schema that takes the defaults, and refuses what options.badConfigs has',
  run(kit) {
    const problem = definitionProblem(kit.definition);
    if (problem !== null) throw new Finding(problem);
    kit.config();
    for (const bad of kit.options.badConfigs ?? []) {
      try {
        kit.config(bad);
      } catch (error) {
        if (error instanceof ReplayError) continue;
        throw error;
      }
      throw new Finding(`it takes the config ${shown(bad)}`);
    }
  },
};

export const withinSpaceCase: TunerCase = {
  number: 'U2',
  title: 'its candidates are points of the space, with all parameters and no others',
  run(kit) {
    for (const space of kit.spaces) {
      for (const { parameters } of kit.search(space, 7)) {
        const problem = problemOf(space, parameters);
        if (problem !== null) throw new Finding(`${shown(parameters)}: ${problem}`);
      }
    }
  },
};

function problemOf(space: SearchSpace, parameters: Candidate['parameters']): string | null {
  const values = new Map(leavesOf(parameters, ''));
  const known = [...space.dimensions.map(({ name }) => name), ...Object.keys(space.fixed)];
  const missing = known.find((name) => !values.has(name) && !isPrefix(name, values));
  if (missing !== undefined) return `${missing} is missing`;
  for (const [name, value] of Object.entries(space.fixed)) {
    if (values.has(name) && shown(values.get(name)) !== shown(value)) {
      return `${name} is fixed at ${shown(value)}`;
    }
  }
  const stranger = [...values.keys()].find(
    (name) => !known.some((each) => name === each || name.startsWith(`${each}.`)),
  );
  if (stranger !== undefined) return `${stranger} is none of its parameters`;
  const wrong = space.dimensions.find((dimension) => !isOf(dimension, values.get(dimension.name)));
  return wrong === undefined ? null : `${wrong.name} is none of its values`;
}

const isPrefix = (name: string, values: ReadonlyMap<string, Json>): boolean =>
  [...values.keys()].some((each) => each.startsWith(`${name}.`));

const leavesOf = (value: Candidate['parameters'], base: string): (readonly [string, Json])[] =>
  Object.entries(value).flatMap(([name, inner]) => {
    const path = base === '' ? name : `${base}.${name}`;
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isObject ? leavesOf(inner as Candidate['parameters'], path) : [[path, inner] as const];
  });

const SLACK = 1e-9;

function isOf(dimension: Dimension, value: Json | undefined): boolean {
  if (dimension.kind === 'choice') return dimension.values.some((each) => shown(each) === shown(value));
  const { high, low, step } = dimension;
  if (typeof value !== 'number' || value < low - SLACK || value > high + SLACK) return false;
  if (step === null) return true;
  const place = (value - low) / step;
  return Math.abs(place - Math.round(place)) < 1e-6 && Math.round(place) < pointsOf(dimension);
}

export const idsCase: TunerCase = {
  number: 'U3',
  title: 'each candidate has an id of its own, and there are never more than were asked for',
  run(kit) {
    for (const space of kit.spaces) {
      const ids = kit.search(space, 5).map(({ id }) => id);
      if (new Set(ids).size !== ids.length) throw new Finding('two candidates have the same id');
    }
  },
};

export const endCase: TunerCase = {
  number: 'U4',
  title: 'its search gives a candidate at least, comes to an end, and stays there; `candidates` is no fewer',
  run(kit) {
    for (const space of kit.spaces) {
      const search = kit.open(space);
      const given = kit.goOn(search, 9, (_, index) => index, 0).length;
      if (given === 0) throw new Finding('it gave no candidate');
      if (search.tuner.ask(3).length > 0) throw new Finding('it gave candidates after its end');
      const promised = kit.definition.candidates?.(space, kit.config()) ?? null;
      if (promised !== null && given > promised) {
        throw new Finding(`candidates is ${String(promised)}, and it gave ${String(given)}`);
      }
    }
  },
};
