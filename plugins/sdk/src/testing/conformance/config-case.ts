import { INTERVAL_MS } from '../intervals.ts';
import { jsonProblem } from './json-problem.ts';
import { Finding, type KitCase } from './kit.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const configCase: KitCase = {
  number: 'S1',
  title: 'its config is a JSON Schema that takes the defaults, or the config of the options',
  run(kit) {
    const { definition } = kit;
    const schema: unknown = definition.config;
    if (!isRecord(schema)) throw new Finding('config is no JSON Schema: it has to be an object');
    if (schema['type'] !== 'object') {
      throw new Finding('config has to be the schema of an object: type "object"');
    }
    const problem = jsonProblem(schema, 'config');
    if (problem !== null) throw new Finding(problem);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(definition.id)) {
      throw new Finding(`id ${JSON.stringify(definition.id)} has to be of a-z, 0-9 and single hyphens`);
    }
    if (definition.description.trim() === '') throw new Finding('it has no description');
    // Throws for parameters that the schema or `check` refuse.
    const { intervals } = kit.wanted;
    const unknown = intervals.find((interval) => !Object.hasOwn(INTERVAL_MS, interval));
    if (unknown !== undefined) {
      throw new Finding(`inputs asks for bars of ${unknown}, which nobody has`);
    }
  },
};
