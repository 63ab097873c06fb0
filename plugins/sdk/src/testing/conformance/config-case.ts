import { INTERVAL_MS } from '../intervals.ts';
import { definitionProblem } from './definition-problem.ts';
import { Finding, type KitCase } from './kit.ts';

export const configCase: KitCase = {
  number: 'S1',
  title: 'its config is a JSON Schema that takes the defaults, or the config of the options',
  run(kit) {
    const problem = definitionProblem(kit.definition);
    if (problem !== null) throw new Finding(problem);
    // Throws for parameters that the schema or `check` refuse.
    const { intervals } = kit.wanted;
    const unknown = intervals.find((interval) => !Object.hasOwn(INTERVAL_MS, interval));
    if (unknown !== undefined) {
      throw new Finding(`inputs asks for bars of ${unknown}, which nobody has`);
    }
  },
};
