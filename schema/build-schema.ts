import 'reflect-metadata';

import { type GraphQLSchema, isUnionType } from 'graphql';
import type { IMiddlewareTypeMap } from 'graphql-middleware';
import { buildSchemaSync, getMetadataStorage, type PubSub } from 'type-graphql';

import { AccountResolver } from './account/account.resolver.ts';
import { AccountCommandsResolver } from './account/account-commands.resolver.ts';
import { AccountPerformanceResolver } from './account/account-performance.resolver.ts';
import { AuditResolver } from './audit/audit.resolver.ts';
import { BacktestResolver } from './backtests/backtest.resolver.ts';
import { BacktestFieldsResolver } from './backtests/backtest-fields.resolver.ts';
import { HealthResolver } from './health/health.resolver.ts';
import { IdentityResolver, UserResolver } from './identity/identity.resolver.ts';
import { guardRoots } from './limits/guard-roots.ts';
import { MarketResolver } from './market/market.resolver.ts';
import { NotificationResolver } from './notification/notification.resolver.ts';
import { OrderResolver } from './order/order.resolver.ts';
import { OrderCommandsResolver } from './order/order-commands.resolver.ts';
import { OrderFieldsResolver } from './order/order-fields.resolver.ts';
import { permissions } from './permissions.ts';
import { PluginResolver } from './plugin/plugin.resolver.ts';
import { RiskAlertResolver } from './risk/risk-alert.resolver.ts';
import { applyMiddleware } from './shield.ts';
import { StrategyResolver } from './strategy/strategy.resolver.ts';
import { SweepResolver } from './sweeps/sweep.resolver.ts';
import { SweepFieldsResolver } from './sweeps/sweep-fields.resolver.ts';
import { TradingStateResolver } from './trading-state/trading-state.resolver.ts';

/** type-graphql asks for one even where every subscription has a stream of its own. */
const NO_PUB_SUB: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Subscriptions have streams of their own.');
  },
};

/** The API without permissions: its types and what resolves them. */
function buildTypes(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      AccountResolver,
      AccountCommandsResolver,
      AccountPerformanceResolver,
      AuditResolver,
      BacktestFieldsResolver,
      BacktestResolver,
      HealthResolver,
      IdentityResolver,
      MarketResolver,
      NotificationResolver,
      OrderCommandsResolver,
      OrderFieldsResolver,
      OrderResolver,
      PluginResolver,
      RiskAlertResolver,
      StrategyResolver,
      SweepFieldsResolver,
      SweepResolver,
      TradingStateResolver,
      UserResolver,
    ],
    pubSub: NO_PUB_SUB,
    validate: false,
    disableInferringDefaultValues: true,
  });
}

/**
 * Has unions resolve at once: type-graphql's way is a promise for each value, and compiled documents
 * cannot wait there. Changes the schema.
 */
function resolveUnionsAtOnce(schema: GraphQLSchema): void {
  const { unions, objectTypes } = getMetadataStorage();
  const nameOf = new Map<unknown, string>(objectTypes.map(({ target, name }) => [target, name]));
  for (const { name, resolveType } of unions) {
    const union = schema.getType(name);
    if (isUnionType(union) && resolveType !== undefined) {
      union.resolveType = (value, context, info, type) => nameOf.get(resolveType(value, context, info, type));
    }
  }
}

/** The API with everything that guards it. */
export function buildSchema(): GraphQLSchema {
  const types = buildTypes();
  const { Query, Mutation, Subscription } = permissions.generate(types) as IMiddlewareTypeMap;
  const schema = applyMiddleware(types, { Query, Mutation, Subscription } as IMiddlewareTypeMap);
  resolveUnionsAtOnce(schema);
  guardRoots(schema);
  return schema;
}
