import { requireScope } from '../../core/identity/principal.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import { badInput, notFound } from '../../schema/errors/api-error.ts';
import type { StreamAccess } from '../../schema/streams.ts';
import type { AccountAccess } from './account-access.ts';

const MOST_SYMBOLS = 100;

export function createStreamAccess(
  access: AccountAccess,
  market: Pick<MarketData, 'instrument'>,
): StreamAccess {
  return {
    async account(context, accountId) {
      requireScope(context.principal, 'READ');
      await access.require(context, accountId, 'accountId');
    },

    symbols(context, symbols) {
      requireScope(context.principal, 'READ');
      if (symbols.length === 0 || symbols.length > MOST_SYMBOLS) {
        throw badInput(`symbols are 1 to ${String(MOST_SYMBOLS)}.`, 'symbols');
      }
      const unknown = symbols.findIndex((symbol) => market.instrument(symbol) === undefined);
      if (unknown < 0) return;
      const field = `symbols[${String(unknown)}]`;
      throw badInput(`${field} is no instrument of this gateway.`, field);
    },

    async strategy(context, strategyId) {
      requireScope(context.principal, 'READ');
      const [row] = await context.reader.strategiesByIds([strategyId]);
      if (row === undefined) throw notFound('strategy', strategyId, 'strategyId');
      return row.accountId;
    },
  };
}
