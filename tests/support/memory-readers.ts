import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { OrderRecord } from '../../core/orders/order-record.ts';
import { statusOf } from '../../core/orders/status.ts';
import type {
  AccountView,
  EquityDay,
  Page,
  WorkspaceReader,
  WorkspaceReaders,
} from '../../core/ports/order-reader.ts';
import type { AlertRow, AuditRow } from '../../core/ports/read-model.ts';
import { strategyAudits } from '../../core/runtime/strategy-projection.ts';
import type { MemoryStore, StoredAccount } from './memory-store.ts';

export interface MemoryReaders extends WorkspaceReaders {
  /** Names of the reader's methods, as they were called. */
  readonly queries: string[];
  /** Readers that were opened and not closed. */
  readonly stillOpen: number;
}

const page = <T>(items: readonly T[], first: number): Page<T> => ({
  items: items.slice(0, first),
  hasNextPage: items.length > first,
});

const eventsOf = ({ events }: StoredAccount): JournaledEvent[] =>
  events.map((text) => JSON.parse(text) as JournaledEvent);

const orderIdOf = ({ event }: JournaledEvent): string | null => ('orderId' in event ? event.orderId : null);

function auditsOf(journaled: JournaledEvent): readonly AuditRow[] {
  const { seq, at, actor, event } = journaled;
  if (event.type !== 'OPERATOR_ACTED') return strategyAudits(journaled);
  const { action, target, details } = event;
  return [{ seq, at, actor, action, target, details }];
}

/** What requests read, over the store that the journal in memory writes. Other workspaces are not there. */
export function createMemoryReaders(store: MemoryStore): MemoryReaders {
  const queries: string[] = [];
  let open = 0;

  function reader(workspaceId: string): WorkspaceReader {
    const mine = (): StoredAccount[] =>
      [...store.accounts.values()].filter((account) => account.workspaceId === workspaceId);
    const account = (id: string): StoredAccount | undefined =>
      mine().find(({ accountId }) => accountId === id);
    const orders = (of: StoredAccount): OrderRecord[] => [...of.orders.values()].map(({ record }) => record);
    const allOrders = () =>
      mine().flatMap((of) => orders(of).map((record) => ({ accountId: of.accountId, record })));
    const events = (id: string): JournaledEvent[] => {
      const found = account(id);
      return found === undefined ? [] : eventsOf(found);
    };
    const alerts = (id: string): AlertRow[] =>
      events(id).flatMap(({ seq, at, recordedAt, event }) =>
        event.type === 'RISK_ALERT'
          ? [{ seq, at, recordedAt, severity: event.severity, code: event.code, message: event.message }]
          : [],
      );
    const view = (of: StoredAccount): AccountView[] =>
      of.row === null
        ? []
        : [{ account: of.row, balances: [...of.balances.values()], positions: [...of.positions.values()] }];
    const days = (id: string): EquityDay[] =>
      events(id).flatMap(({ at, event }) =>
        event.type === 'DAY_OPENED'
          ? [{ day: event.day, at, equity: event.equity, previous: event.previous }]
          : [],
      );

    const methods: Omit<WorkspaceReader, 'close'> = {
      accounts: () => Promise.resolve(mine().flatMap(view)),
      accountsByIds: (ids) =>
        Promise.resolve(
          mine()
            .filter(({ accountId }) => ids.includes(accountId))
            .flatMap(view),
        ),
      ordersByIds: (ids) => Promise.resolve(allOrders().filter(({ record }) => ids.includes(record.id))),
      orderByClientId: (accountId, clientOrderId) => {
        const found = account(accountId);
        const all = found === undefined ? [] : orders(found);
        return Promise.resolve(all.find((record) => record.clientOrderId === clientOrderId) ?? null);
      },
      orders: (query) => {
        const found = account(query.accountId);
        const matching = (found === undefined ? [] : orders(found))
          .filter((record) => query.symbol === undefined || record.symbol === query.symbol)
          .filter(
            (record) =>
              query.statuses === undefined ||
              query.statuses.includes(
                statusOf({ ...record, filledQuantity: BigInt(record.filledQuantity === '0' ? 0 : 1) }),
              ),
          )
          .filter((record) => query.open === undefined || found?.orders.get(record.id)?.open === query.open)
          .filter((record) => query.before === undefined || record.firstSeq < query.before.seq)
          .sort((a, b) => b.firstSeq - a.firstSeq);
        return Promise.resolve(page(matching, query.first));
      },
      legsOf: (parentIds) =>
        Promise.resolve(allOrders().filter(({ record }) => parentIds.includes(record.parentId ?? ''))),
      fills: (query) => {
        const fills = [...(account(query.accountId)?.fills.values() ?? [])]
          .filter(({ symbol }) => query.symbol === undefined || symbol === query.symbol)
          .filter(({ seq }) => query.beforeSeq === undefined || seq < query.beforeSeq)
          .sort((a, b) => b.seq - a.seq);
        return Promise.resolve(page(fills, query.first));
      },
      fillsOfOrders: (orderIds, first, afterSeq) => {
        const fills = mine().flatMap((of) => [...of.fills.values()]);
        const of = (id: string) =>
          fills.filter(({ orderId, seq }) => orderId === id && seq > (afterSeq ?? 0));
        return Promise.resolve(new Map(orderIds.map((id) => [id, page(of(id), first)])));
      },
      orderEvents: (accountId, orderId, first, afterSeq) => {
        const found = events(accountId).filter(
          (event) => orderIdOf(event) === orderId && event.seq > (afterSeq ?? 0),
        );
        return Promise.resolve(page(found, first));
      },
      // Only the page is parsed: tests follow journals of ten thousand events.
      accountEvents: (accountId, afterSeq, first) =>
        Promise.resolve(
          (account(accountId)?.events ?? [])
            .slice(afterSeq, afterSeq + first)
            .map((text) => JSON.parse(text) as JournaledEvent),
        ),
      eventsOfOrders: (accountId, orderIds, upToSeq) =>
        Promise.resolve(
          events(accountId).filter(
            (event) => event.seq <= upToSeq && orderIds.includes(orderIdOf(event) ?? ''),
          ),
        ),
      head: (accountId) => {
        const found = account(accountId);
        return Promise.resolve(found === undefined ? null : { seq: found.seq });
      },
      alerts: (accountId, first, beforeSeq) =>
        Promise.resolve(
          page(
            alerts(accountId)
              .filter(({ seq }) => beforeSeq === null || seq < beforeSeq)
              .reverse(),
            first,
          ),
        ),
      alertsAfter: (accountId, afterSeq, first) =>
        Promise.resolve(
          alerts(accountId)
            .filter(({ seq }) => seq > afterSeq)
            .slice(0, first),
        ),
      audits: (accountId, first, beforeSequence) => {
        const acts = mine()
          .flatMap(eventsOf)
          .flatMap((journaled) =>
            auditsOf(journaled).map((audit) => ({ ...audit, accountId: journaled.accountId })),
          )
          .map((act, index) => ({ ...act, sequence: String(index + 1), hash: 'aa', previousHash: '00' }))
          .filter((act) => accountId === null || act.accountId === accountId)
          .filter(({ sequence }) => beforeSequence === null || Number(sequence) < Number(beforeSequence))
          .reverse();
        return Promise.resolve(page(acts, first));
      },
      strategiesByIds: (ids) =>
        Promise.resolve(
          mine()
            .flatMap((of) => [...of.strategies.values()])
            .filter(({ strategyId }) => ids.includes(strategyId)),
        ),
      strategies: (accountId, first) => {
        const all = [...(account(accountId)?.strategies.values() ?? [])].reverse();
        const [ended, running] = [true, false].map((over) =>
          all.filter(({ stoppedAt }) => (stoppedAt !== null) === over),
        );
        return Promise.resolve([...(running ?? []), ...(ended ?? [])].slice(0, first));
      },
      equityDays: (accountIds, count) =>
        Promise.resolve(new Map(accountIds.map((id) => [id, days(id).slice(-count)]))),
    };
    const counted = Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [
        name,
        (...args: unknown[]) => {
          queries.push(name);
          return Reflect.apply(method, undefined, args) as unknown;
        },
      ]),
    ) as typeof methods;
    open += 1;
    let isOpen = true;
    return {
      ...counted,
      async close() {
        await Promise.resolve();
        if (isOpen) open -= 1;
        isOpen = false;
      },
    };
  }

  return {
    queries,
    open: reader,
    get stillOpen() {
      return open;
    },
  };
}
