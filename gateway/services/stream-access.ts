import { requireScope } from '../../core/identity/principal.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import { badInput, notFound } from '../../schema/errors/api-error.ts';
import type { StreamAccess } from '../../schema/streams.ts';
import type { BacktestStore } from '../database/backtests/backtest-store.ts';
import type { SweepStore } from '../database/sweeps/sweep-store.ts';
import type { AccountAccess } from './account-access.ts';
import { unknownInstrument } from './unknown-instrument.ts';

const MOST_SYMBOLS = 100;

export function createStreamAccess(
  access: AccountAccess,
  market: Pick<MarketData, 'instrument' | 'instruments'>,
  backtests: Pick<BacktestStore, 'find'>,
  sweeps: Pick<SweepStore, 'find'>,
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
      throw badInput(unknownInstrument(field, symbols[unknown] ?? '', market), field);
    },

    async strategy(context, strategyId) {
      requireScope(context.principal, 'READ');
      const [row] = await context.reader.strategiesByIds([strategyId]);
      if (row === undefined) throw notFound('strategy', strategyId, 'strategyId');
      return row.accountId;
    },

    async backtest(context, id) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      if ((await backtests.find(workspaceId, id, context.signal)) === null) {
        throw notFound('backtest', id, 'id');
      }
    },

    async sweep(context, id) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      if ((await sweeps.find(workspaceId, id, context.signal)) === null) throw notFound('sweep', id, 'id');
    },
  };
}
