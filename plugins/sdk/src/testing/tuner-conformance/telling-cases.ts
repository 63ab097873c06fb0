import type { SearchSpace } from '../../search-space.ts';
import type { Candidate } from '../../tuner.ts';
import { jsonProblem } from '../conformance/json-problem.ts';
import { Finding } from '../conformance/kit.ts';
import { trapped } from '../conformance/traps.ts';
import { sameCandidates, type TunerCase, type TunerKit, worth } from './tuner-kit.ts';

export const againCase: TunerCase = {
  number: 'U5',
  title: 'the same seed and scores give the same candidates',
  run(kit) {
    for (const space of kit.spaces) {
      sameCandidates(kit.search(space, 4), kit.search(space, 4), 'a second time');
    }
  },
};

export const countCase: TunerCase = {
  number: 'U6',
  title: 'how many are asked for at a time makes no difference',
  run(kit) {
    for (const space of kit.spaces) {
      const expected = kit.search(space, 1);
      for (const count of [2, 7, 1_000]) {
        sameCandidates(expected, kit.search(space, count), `${String(count)} at a time`);
      }
    }
  },
};

export const patienceCase: TunerCase = {
  number: 'U7',
  title: 'told late, in their order, it gives the same candidates, and none twice meanwhile',
  run(kit) {
    for (const space of kit.spaces) {
      sameCandidates(kit.search(space, 3), lateSearch(kit, space), 'told late');
    }
  },
};

/** As many as there are before the first is told; then one is told before each question. */
function lateSearch(kit: TunerKit, space: SearchSpace): readonly Candidate[] {
  const { tuner } = kit.open(space);
  const all: Candidate[] = [];
  let told = 0;
  for (;;) {
    const given = tuner.ask(3);
    all.push(...given);
    if (all.length > kit.most) throw new Finding(`it has not ended after ${String(kit.most)} candidates`);
    if (given.length > 0) continue;
    const next = all[told];
    if (next === undefined) return all;
    tuner.tell(next.id, worth(next, told));
    told += 1;
  }
}

export const failureCase: TunerCase = {
  number: 'U8',
  title: 'it goes on with failed evaluations, some and all, with equal scores, and with very large ones',
  run(kit) {
    for (const space of kit.spaces) {
      kit.search(space, 6, () => null);
      kit.search(space, 6, () => 0);
      kit.search(space, 6, (candidate, index) => (index % 3 === 0 ? null : worth(candidate, index)));
      kit.search(space, 6, (_, index) => (index % 2 === 0 ? 1e300 : -1e300));
    }
  },
};

export const tunerSnapshotCase: TunerCase = {
  number: 'U9',
  title: 'restored from the JSON of a snapshot, anywhere, it goes on as if nothing had been',
  run(kit) {
    for (const space of kit.spaces) {
      const expected = kit.search(space, 3);
      for (const told of [0, 1, 5, 11, Math.floor(expected.length / 2), expected.length]) {
        if (told > expected.length) continue;
        sameCandidates(expected.slice(told), restored(kit, space, told), `restored after ${String(told)}`);
      }
    }
  },
};

/** What comes after a restart in which some candidates were given out and not told. */
function restored(kit: TunerKit, space: SearchSpace, count: number): readonly Candidate[] {
  const { random, tuner } = kit.open(space);
  for (let index = 0; index < count; index += 1) {
    const [candidate] = tuner.ask(1);
    if (candidate !== undefined) tuner.tell(candidate.id, worth(candidate, index));
  }
  tuner.ask(2);
  const snapshot = tuner.snapshot();
  const problem = jsonProblem(snapshot, 'snapshot');
  if (problem !== null) throw new Finding(problem);
  const state = random.state();
  const again = kit.open(space);
  again.tuner.restore(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot);
  again.random.setState(state);
  return kit.goOn(again, 3, worth, count);
}

export const tunerPurityCase: TunerCase = {
  number: 'U10',
  title: 'no clock, no chance but ctx.random, no timers, no network',
  run(kit) {
    const used = new Set<string>();
    const [space] = kit.spaces;
    if (space === undefined) return;
    try {
      trapped(() => kit.search(space, 4), used);
    } catch (error) {
      if (used.size === 0) throw error;
    }
    if (used.size > 0) {
      throw new Finding(`it uses ${[...used].join(', ')}: the same seed has to give the same`);
    }
  },
};
