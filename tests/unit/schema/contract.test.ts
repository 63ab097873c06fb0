import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it, test } from '@jest/globals';
import {
  BreakingChangeType,
  buildSchema as buildFromText,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';

import { buildSchema } from '../../../schema/build-schema.ts';
import { schemaText } from '../../../schema/print-schema.ts';

const EMITTED = new URL('../../../schema/schema.graphql', import.meta.url);
const CONTRACT = new URL('../../../../shared/design/api.graphql', import.meta.url);

/** Names of the contract that other parts will bring. */
const LATER: readonly string[] = [];

const REMOVALS = [BreakingChangeType.TYPE_REMOVED, BreakingChangeType.FIELD_REMOVED];

function removedName(change: { type: BreakingChangeType; description: string }): string {
  const [name = ''] = / ?(\S+) was removed/.exec(change.description)?.slice(1) ?? [];
  return REMOVALS.includes(change.type) ? name : '';
}

interface Described {
  readonly name: string;
  readonly description?: string | null;
}

/** Path and text of everything that is described. */
function descriptions(schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const add = (path: string, text: string | null | undefined): void => {
    if (typeof text === 'string') found.set(path, text.replace(/\s+/g, ' ').trim());
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    add(type.name, type.description);
    if (isObjectType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()) as Described[]) {
        add(`${type.name}.${field.name}`, field.description);
      }
    }
    if (isEnumType(type)) {
      for (const value of type.getValues()) add(`${type.name}.${value.name}`, value.description);
    }
  }
  return found;
}

test('schema.graphql is what the code says (else: npm run schema)', () => {
  expect(readFileSync(EMITTED, 'utf8')).toBe(schemaText());
});

(existsSync(CONTRACT) ? describe : describe.skip)('the public contract (../shared)', () => {
  const contract = existsSync(CONTRACT) ? buildFromText(readFileSync(CONTRACT, 'utf8')) : buildSchema();
  const ours = buildSchema();

  it('is kept but for what other parts will bring', () => {
    const changes = findBreakingChanges(contract, ours);
    expect(changes.filter((change) => !LATER.includes(removedName(change)))).toEqual([]);
    expect(changes.map(removedName).sort()).toEqual([...LATER].sort());
  });

  it('keeps its defaults', () => {
    const changes = findDangerousChanges(contract, ours);
    expect(changes.filter(({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE)).toEqual([]);
    const input = (schema: GraphQLSchema, name: string) => {
      const type = schema.getType(name);
      if (!isInputObjectType(type)) throw new Error(`${name} is missing`);
      return Object.values(type.getFields()).map((field) => [field.name, field.defaultValue]);
    };
    for (const name of ['PlaceOrderInput', 'OpenAccountInput', 'ReplaceOrderInput', 'RiskLimitsInput']) {
      expect(input(ours, name)).toEqual(input(contract, name));
    }
  });

  it('keeps its descriptions', () => {
    const mine = descriptions(ours);
    const missing = [...descriptions(contract)].filter(
      ([path, text]) =>
        !LATER.some((name) => path === name || path.startsWith(`${name}.`)) && mine.get(path) !== text,
    );
    expect(missing).toEqual([]);
  });
});
