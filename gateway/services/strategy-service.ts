import { GraphQLError } from 'graphql';

import { requireScope } from '../../core/identity/principal.ts';
import type { Ids } from '../../core/ports/clock.ts';
import type { WorkspaceReaders } from '../../core/ports/order-reader.ts';
import type { StrategyRow } from '../../core/ports/read-model.ts';
import type { RequestContext } from '../../schema/context.ts';
import { notFound } from '../../schema/errors/api-error.ts';
import type { StrategyService } from '../../schema/strategy/strategy-service.ts';
import type { AccountAccess } from './account-access.ts';
import type { CommandSender } from './command-sender.ts';
import { type StrategySurroundings, toStartStrategy } from './strategy-request.ts';

/** Strategies that a list shows. */
const MOST_LISTED = 500;

export interface StrategyServiceOptions extends StrategySurroundings {
  readonly access: AccountAccess;
  readonly sender: CommandSender;
  readonly readers: WorkspaceReaders;
  readonly ids: Ids;
}

export function createStrategyService(options: StrategyServiceOptions): StrategyService {
  const { access, sender, readers, ids } = options;

  /** In a transaction of its own: the request's would go on showing it as it was before the command. */
  const before = async (context: RequestContext, id: string): Promise<StrategyRow> => {
    const { workspaceId } = context.requirePrincipal();
    const reader = readers.open(workspaceId, context.signal);
    try {
      const [row] = await reader.strategiesByIds([id]);
      if (row === undefined) throw notFound('strategy', id, 'id');
      return row;
    } finally {
      await reader.close();
    }
  };

  const after = async (context: RequestContext, id: string): Promise<StrategyRow> => {
    const [row] = await context.reader.strategiesByIds([id]);
    if (row === undefined) throw new Error(`strategy ${id} was changed and is not there`);
    return row;
  };

  return {
    async all(context, accountId) {
      requireScope(context.principal, 'READ');
      await access.require(context, accountId, 'accountId');
      return context.reader.strategies(accountId, MOST_LISTED);
    },

    async find(context, id) {
      requireScope(context.principal, 'READ');
      const [row] = await context.reader.strategiesByIds([id]);
      return row ?? null;
    },

    async start(context, input) {
      requireScope(context.principal, 'STRATEGIES');
      const { accountId } = await access.require(context, input.accountId, 'input.accountId');
      const command = await toStartStrategy(input, ids.next(), options);
      await sender.send(context, accountId, command, {
        fields: { accountId: 'input.accountId' },
        whenUnknown:
          'The gateway cannot tell whether the strategy was started: look at the strategies of the account first.',
      });
      return after(context, command.terms.strategyId);
    },

    async stop(context, id, cancelOpenOrders) {
      requireScope(context.principal, 'STRATEGIES');
      const { accountId, stoppedAt } = await before(context, id);
      if (stoppedAt === null) {
        const command = { kind: 'stopStrategy', strategyId: id, cancelOpenOrders } as const;
        await sender.send(context, accountId, command).catch(unlessForgotten);
      }
      return after(context, id);
    },
  };
}

/** One that has ended meanwhile may have left the account's memory. */
function unlessForgotten(error: unknown): void {
  if (!(error instanceof GraphQLError) || error.extensions['code'] !== 'NOT_FOUND') throw error;
}
