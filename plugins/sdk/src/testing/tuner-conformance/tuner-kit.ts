import { Type } from '@sinclair/typebox';

import { Random } from '../../random.ts';
import { type SearchSpace, searchSpace } from '../../search-space.ts';
import type { Candidate, Tuner, TunerDefinition } from '../../tuner.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { tunerConfigFor } from '../strategy-config.ts';
import type { TunerConformanceOptions } from './tuner-conformance-options.ts';

/** A numbered case; `run` throws when the tuner does not pass. */
export interface TunerCase {
  readonly number: string;
  readonly title: string;
  run(kit: TunerKit): void;
}

/** A search under way, with the generator that it draws from, as a host keeps both. */
export interface OpenSearch {
  readonly tuner: Tuner;
  readonly random: Random;
}

/** What a candidate is worth. */
export type Score = (candidate: Candidate, index: number) => number | null;

const SPACES: readonly SearchSpace[] = [
  searchSpace(
    Type.Object({
      fast: Type.Integer({ minimum: 2, maximum: 12 }),
      share: Type.Number({ minimum: 0, maximum: 1, multipleOf: 0.25 }),
      method: Type.Union([Type.Literal('sma'), Type.Literal('ema'), Type.Literal('wma')]),
      quantity: Type.String({ default: '10' }),
    }),
  ),
  searchSpace(
    Type.Object({
      rate: Type.Number({ minimum: 1e-4, maximum: 1, 'x-scale': 'log' }),
      depth: Type.Integer({ minimum: 1, maximum: 16, 'x-scale': 'log' }),
      fees: Type.Object({ rate: Type.Number({ minimum: -1, maximum: 1 }), flat: Type.Boolean() }),
    }),
  ),
  searchSpace(Type.Object({ period: Type.Integer({ minimum: 2, maximum: 40 }) })),
];

/** A tuner with all that the cases run it with. */
export class TunerKit {
  readonly definition: TunerDefinition;
  readonly options: TunerConformanceOptions;

  constructor(definition: TunerDefinition, options: TunerConformanceOptions) {
    this.definition = definition;
    this.options = options;
  }

  get spaces(): readonly SearchSpace[] {
    return this.options.spaces ?? SPACES;
  }

  get most(): number {
    return this.options.most ?? 5_000;
  }

  config(given: unknown = this.options.config): unknown {
    return tunerConfigFor(this.definition, given);
  }

  open(space: SearchSpace, config: unknown = this.config()): OpenSearch {
    const random = Random.fromSeed('tuner conformance', this.options.seed ?? 'conformance');
    return { tuner: this.definition.create(space, config, { random: () => random.fraction() }), random };
  }

  /** All candidates of a search, asked for `count` at a time and told in their order. Throws where it does not end. */
  search(space: SearchSpace, count: number, score: Score = worth): readonly Candidate[] {
    return this.goOn(this.open(space), count, score, 0);
  }

  /** The rest of one, of which `before` were told. */
  goOn({ tuner }: OpenSearch, count: number, score: Score, before: number): readonly Candidate[] {
    const all: Candidate[] = [];
    for (let given = tuner.ask(count); given.length > 0; given = tuner.ask(count)) {
      if (given.length > count) {
        throw new Finding(`asked for ${String(count)}, it gave ${String(given.length)}`);
      }
      for (const candidate of given) {
        tuner.tell(candidate.id, score(candidate, before + all.length));
        all.push(candidate);
      }
      if (all.length > this.most) throw new Finding(`it has not ended after ${String(this.most)} candidates`);
    }
    return all;
  }
}

/** A hill with noise that is the same for the same parameters: something to learn, and no two scores alike. */
export const worth: Score = ({ parameters }) => {
  const text = shown(parameters);
  const numbers = (text.match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);
  const hill = numbers.reduce((sum, value) => sum - Math.abs(value - 1), 0);
  return hill + Random.fromSeed(text).fraction();
};

/** Throws where two searches did not go the same way. */
export function sameCandidates(
  expected: readonly Candidate[],
  found: readonly Candidate[],
  what: string,
): void {
  const place = expected.findIndex((candidate, index) => shown(candidate) !== shown(found[index]));
  if (place >= 0) {
    throw new Finding(
      `${what}: candidate ${String(place + 1)} is ${shown(found[place])}, and was ${shown(expected[place])}`,
    );
  }
  if (found.length !== expected.length) {
    throw new Finding(`${what}: there are ${String(found.length)}, and were ${String(expected.length)}`);
  }
}
