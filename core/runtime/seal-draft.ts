import type { BrokerCapabilities } from '@omniquant/plugin-sdk';

import type { AccountState } from '../engine/account-state.ts';
import type { CommandResult } from '../engine/decision.ts';
import { snapshotState } from '../engine/snapshot.ts';
import type { Order } from '../orders/order.ts';
import type { OrderRecord } from '../orders/order-record.ts';
import { orderToRecord } from '../orders/order-record-codec.ts';
import type { AccountEntry } from '../ports/account-directory.ts';
import type { BatchDraft, SealedBatch } from './batch-draft.ts';
import { collectSends } from './broker-send.ts';
import type { CommandReply } from './command-reply.ts';
import { projectChanges } from './projection.ts';
import type { ClientWork } from './work.ts';

export interface DraftToSeal {
  readonly entry: AccountEntry;
  readonly epoch: number;
  /** Right after the draft's events. */
  readonly state: AccountState;
  readonly draft: BatchDraft;
  readonly capabilities: BrokerCapabilities;
  readonly isSnapshotDue: boolean;
}

/** Takes from the state, at this point, all that follows from a draft: rows, answers and sends. */
export function sealDraft({ entry, epoch, state, draft, ...rest }: DraftToSeal): SealedBatch {
  const { decided, events } = draft;
  const orderOf = (orderId: string): Order | undefined =>
    draft.orders.get(orderId) ?? state.orders.get(orderId);
  if (events.length === 0) {
    return { decided, batch: null, replies: repliesOf(draft, orderOf, new Map()), sends: [], snapshot: null };
  }
  const { accountId, workspaceId, shard } = entry;
  const changes = projectChanges(
    state,
    events,
    orderOf,
    (strategyId) => draft.strategies.get(strategyId) ?? state.strategies.get(strategyId),
  );
  const records = new Map(changes.orders.map(({ record }) => [record.id, record]));
  const expectedSeq = (events[0]?.seq ?? 1) - 1;
  return {
    decided,
    batch: { accountId, workspaceId, shard, epoch, expectedSeq, events, changes },
    replies: repliesOf(draft, orderOf, records),
    sends: collectSends(orderOf, events, rest.capabilities),
    snapshot: rest.isSnapshotDue ? snapshotState(state) : null,
  };
}

function repliesOf(
  { decided }: BatchDraft,
  orderOf: (orderId: string) => Order | undefined,
  records: Map<string, OrderRecord>,
): Map<ClientWork, readonly CommandReply[]> {
  const recordOf = (orderId: string, work: ClientWork): OrderRecord | undefined => {
    const known = records.get(orderId);
    if (known !== undefined) {
      return known;
    }
    const order = orderOf(orderId) ?? work.archive?.order(orderId);
    if (order === undefined) {
      return undefined;
    }
    const record: OrderRecord = orderToRecord(order, { fills: false });
    records.set(orderId, record);
    return record;
  };

  const replies = new Map<ClientWork, readonly CommandReply[]>();
  for (const item of decided) {
    if (item.work.kind === 'client' && 'results' in item) {
      const { work, results } = item as { work: ClientWork; results: readonly CommandResult[] };
      replies.set(
        work,
        results.map((result) => ({
          result,
          orders: orderIdsOf(result).flatMap((orderId) => recordOf(orderId, work) ?? []),
        })),
      );
    }
  }
  return replies;
}

function orderIdsOf(result: CommandResult): readonly string[] {
  switch (result.kind) {
    case 'orderPlaced':
    case 'replaceRequested':
      return [result.orderId];
    case 'cancelRequested':
      return result.orderIds;
    case 'denied':
      return result.orderId === null ? [] : [result.orderId];
    case 'done':
      return [];
  }
}
