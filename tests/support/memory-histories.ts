import {
  createHistoryCollector,
  type HistoryCollectorOptions,
} from '../../gateway/account-performance/collect-histories.ts';
import { performanceTask } from '../../gateway/account-performance/performance-task.ts';
import type { AccountHistories } from '../../gateway/database/account-histories.ts';
import type { ServicePorts } from '../../gateway/services/create-services.ts';
import type { MemoryReaders } from './memory-readers.ts';

/** Nothing was imported. */
const NOWHERE = '/nonexistent';

/** Computed in the thread of the test. */
export const memoryPerformance = (
  readers: MemoryReaders,
  options: Omit<HistoryCollectorOptions, 'histories'>,
): Pick<ServicePorts, 'accountHistories' | 'computePerformance'> => ({
  accountHistories: createHistoryCollector({ histories: createMemoryHistories(readers), ...options }),
  computePerformance: (histories) => performanceTask({ histories, dataDir: NOWHERE }),
});

/** What accounts have done, of the store in memory; every fill is given. */
function createMemoryHistories(readers: MemoryReaders): AccountHistories {
  return {
    async read(workspaceId, accountIds, { to }, mostFills, signal) {
      const reader = readers.open(workspaceId, signal);
      try {
        const views = await reader.accountsByIds(accountIds);
        const days = await reader.equityDays(accountIds, 10_000);
        return await Promise.all(
          views.map(async (view) => {
            const { accountId } = view.account;
            const openings = (days.get(accountId) ?? []).map(({ at, day, equity, previous }) => [
              ...[day, at, equity, previous],
            ]);
            const { items } = await reader.fills({ accountId, first: mostFills });
            const fills = [...items]
              .reverse()
              .filter(({ at, busted }) => !busted && at < to)
              .map(({ at, fee, feeCurrency, price, quantity, side, symbol }) => [
                ...[at, symbol, side, price, quantity, fee, feeCurrency],
              ]);
            return {
              ...{ view, fillCount: fills.length },
              ...{ openings: JSON.stringify(openings), fills: JSON.stringify(fills) },
            };
          }),
        );
      } finally {
        await reader.close();
      }
    },
    mostTraded: () => Promise.resolve([]),
  };
}
