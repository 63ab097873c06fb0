import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

import { buildSchema } from '../../schema/build-schema.ts';
import type { Variables } from './gateway/api-client.ts';

/* Every argument of the schema that takes an id, and operations that would pass but for it. */

const schema = buildSchema();

type Operation = 'query' | 'mutation' | 'subscription';

const ROOTS = [
  ['query', schema.getQueryType()],
  ['mutation', schema.getMutationType()],
  ['subscription', schema.getSubscriptionType()],
] as const;

/** Which id an argument takes. */
export type Kind = 'account' | 'order' | 'apiKey' | 'strategy' | 'backtest' | 'sweep' | 'channel' | 'label';

export interface IdArgument {
  readonly operation: Operation;
  readonly field: GraphQLField<unknown, unknown>;
  /** E.g. ["input", "accountId"]. */
  readonly path: readonly string[];
  readonly kind: Kind;
}

/** Of arguments that are only called `id`. */
const OWNERS: Readonly<Record<string, Kind>> = {
  account: 'account',
  order: 'order',
  cancelOrder: 'order',
  replaceOrder: 'order',
  resolveOrder: 'order',
  revokeApiKey: 'apiKey',
  strategy: 'strategy',
  stopStrategy: 'strategy',
  backtest: 'backtest',
  cancelBacktest: 'backtest',
  backtestProgress: 'backtest',
  sweep: 'sweep',
  cancelSweep: 'sweep',
  sweepProgress: 'sweep',
  deleteNotificationChannel: 'channel',
  testNotificationChannel: 'channel',
  updateNotificationChannel: 'channel',
};

const kindOf = (field: string, name: string): Kind => {
  if (name === 'accountId' || name === 'accountIds') return 'account';
  if (name === 'channelId') return 'channel';
  // Of orders it is a name that is looked up nowhere.
  if (name === 'strategyId') return field === 'strategyEvents' ? 'strategy' : 'label';
  const kind = name === 'id' ? OWNERS[field] : undefined;
  if (kind === undefined) throw new Error(`say in OWNERS what ${field}.${name} is the id of`);
  return kind;
};

function idPaths(argument: GraphQLArgument | GraphQLInputField): readonly (readonly string[])[] {
  const type = getNamedType(argument.type);
  if (type.name === 'ID') return [[argument.name]];
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    idPaths(field).map((path) => [argument.name, ...path]),
  );
}

export const ID_ARGUMENTS: readonly IdArgument[] = ROOTS.flatMap(([operation, root]) =>
  Object.values(root?.getFields() ?? {}).flatMap((field) =>
    field.args.flatMap(idPaths).map((path) => ({
      operation,
      field,
      path,
      kind: kindOf(field.name, path.at(-1) ?? ''),
    })),
  ),
);

export const CHANNEL = {
  ...{ name: 'n', notifier: 'webhook', config: { url: 'http://127.0.0.1:9/' } },
  secrets: { signingSecrets: 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' },
};

/** Values that make every operation pass its own checks, so that only the id is left to complain about. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  clientOrderId: 'someone-1',
  requestId: 'request-1',
  symbol: 'AAPL',
  quantity: '1',
  type: 'MARKET',
  reason: 'a test',
  limits: { maxOpenOrders: 5 },
  secrets: { token: 'x' },
  CreateNotificationChannelInput: CHANNEL,
};

function sample(
  argument: GraphQLArgument | GraphQLInputField,
  type: GraphQLInputType = argument.type,
): unknown {
  if (isNonNullType(type)) return sample(argument, type.ofType);
  const known = SAMPLES[argument.name];
  if (known !== undefined && !isInputObjectType(type)) return known;
  if (isListType(type)) return [sample(argument, type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return SAMPLES[argument.name] ?? SAMPLES[type.name] ?? needed(Object.values(type.getFields()));
  }
  return 'sample';
}

/** What has no default and may not be left out; of an order also its size. */
export function needed(fields: readonly (GraphQLArgument | GraphQLInputField)[]): Record<string, unknown> {
  const chosen = fields.filter(
    ({ type, defaultValue, name }) =>
      (isNonNullType(type) && defaultValue === undefined) || name === 'quantity',
  );
  return Object.fromEntries(chosen.map((field) => [field.name, sample(field)]));
}

/** `variables` with another value at a path; lists on the way have one member. */
export function withValue(value: unknown, path: readonly string[], id: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return id;
  if (Array.isArray(value)) return value.map((member) => withValue(member, path, id));
  const held = (value ?? {}) as Record<string, unknown>;
  return { ...held, [name]: withValue(held[name], rest, id) };
}

/** An operation with the arguments that are given. */
export function documentOf({ operation, field }: IdArgument, variables: Variables): string {
  const args = field.args.filter(({ name }) => name in variables);
  const declared = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  return `${operation}(${declared}) { ${field.name}(${given})${selection} }`;
}
