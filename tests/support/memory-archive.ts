import type { OrderFillRecord, OrderRecord } from '../../core/orders/order-record.ts';
import type { OrderArchive } from '../../core/ports/order-archive.ts';
import type { MemoryStore, StoredAccount } from './memory-store.ts';

function withFills(account: StoredAccount, record: OrderRecord): OrderRecord {
  const fills: OrderFillRecord[] = [];
  for (const fill of account.fills.values()) {
    if (fill.orderId === record.id) {
      const { executionId, seq, at, price, quantity, fee, feeCurrency, busted } = fill;
      const liquidity = fill.liquidity as OrderFillRecord['liquidity'];
      fills.push({ executionId, seq, at, price, quantity, liquidity, fee, feeCurrency, busted });
    }
  }
  return { ...record, fills };
}

/** The read model of a memory store, as decisions ask for it. `queries` counts the calls. */
export function createMemoryArchive(store: MemoryStore): OrderArchive & { readonly queries: number } {
  let queries = 0;
  return {
    get queries() {
      return queries;
    },
    async byClientIds(wanted) {
      queries += 1;
      await Promise.resolve();
      const found: { accountId: string; record: OrderRecord }[] = [];
      for (const { accountId, clientOrderId } of wanted) {
        const account = store.accounts.get(accountId);
        for (const { record } of account?.orders.values() ?? []) {
          if (account !== undefined && record.clientOrderId === clientOrderId) {
            found.push({ accountId, record: withFills(account, record) });
          }
        }
      }
      return found;
    },
    async byIds(wanted) {
      queries += 1;
      await Promise.resolve();
      const found: { accountId: string; record: OrderRecord }[] = [];
      for (const { accountId, orderId } of wanted) {
        const account = store.accounts.get(accountId);
        const order = account?.orders.get(orderId);
        if (account !== undefined && order !== undefined) {
          found.push({ accountId, record: withFills(account, order.record) });
        }
      }
      return found;
    },
    async fillsOf(accountId, symbol) {
      queries += 1;
      await Promise.resolve();
      const account = store.accounts.get(accountId);
      const fills = [...(account?.fills.values() ?? [])].filter((fill) => fill.symbol === symbol);
      return fills
        .sort((a, b) => a.seq - b.seq)
        .map((fill) => {
          const record = account?.orders.get(fill.orderId)?.record;
          return { ...fill, multiplier: record?.multiplier ?? '1', currency: record?.currency ?? 'USD' };
        });
    },
  };
}
