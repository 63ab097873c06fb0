import { jsonProblem } from './json-problem.ts';
import { Finding, type KitCase } from './kit.ts';

/** Bytes: what a gateway takes. */
const LARGEST = 256 * 1024;
/** Growth that is no leak: counters get digits, orders come and go. */
const ALLOWED_FACTOR = 1.5;
const ALLOWED_BYTES = 256;

export const snapshotCase: KitCase = {
  number: 'S5',
  title: 'its snapshot is JSON, below 256 KB, and does not grow with the number of bars',
  run(kit) {
    const bars = kit.bars('snapshot', 4 * kit.count);
    const encoder = new TextEncoder();
    const sizes: number[] = [];
    kit.play(bars, {
      probe: {
        afterMoment(instance) {
          const { hooks } = instance.save();
          if (hooks === undefined) return;
          const problem = jsonProblem(hooks, 'snapshot');
          if (problem !== null) throw new Finding(problem);
          const size = encoder.encode(JSON.stringify(hooks)).length;
          if (size > LARGEST) throw new Finding(`a snapshot has ${String(size)} bytes: 262,144 are allowed`);
          sizes.push(size);
        },
      },
    });
    const quarter = Math.floor(sizes.length / 4);
    const early = Math.max(0, ...sizes.slice(quarter / 2, quarter));
    const late = Math.max(0, ...sizes.slice(-quarter / 2));
    if (late <= ALLOWED_FACTOR * early + ALLOWED_BYTES) return;
    throw new Finding(
      `the snapshot grows with the bars: ${String(early)} bytes after ${String(quarter)}, ${String(late)} ` +
        `after ${String(sizes.length)}. Where it is a window that fills, give options.bars beyond its length`,
    );
  },
};
