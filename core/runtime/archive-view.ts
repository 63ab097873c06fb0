import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { ArchiveView } from '../engine/decide-context.ts';
import type { Order } from '../orders/order.ts';
import type { OrderRecord } from '../orders/order-record.ts';
import { orderFromRecord } from '../orders/order-record-codec.ts';
import { foldPosition } from '../portfolio/apply-fill.ts';
import type { OrderArchive } from '../ports/order-archive.ts';

type ArchivedFill = Awaited<ReturnType<OrderArchive['fillsOf']>>[number];

/** Nothing was loaded because nothing has left memory. */
export const EMPTY_ARCHIVE: ArchiveView = {
  orderByClientId: () => undefined,
  order: () => undefined,
  positionWithoutFill: () => undefined,
};

/** What was loaded for one command. */
export function createArchiveView(
  records: readonly OrderRecord[],
  fills: readonly ArchivedFill[],
): ArchiveView {
  const orders = new Map<string, Order>(records.map((record) => [record.id, orderFromRecord(record)]));
  const byClientId = new Map([...orders.values()].map((order) => [order.clientOrderId, order]));
  return {
    orderByClientId: (clientOrderId) => byClientId.get(clientOrderId),
    order: (orderId) => orders.get(orderId),
    positionWithoutFill(orderId, executionId) {
      const [first] = fills;
      if (first === undefined) {
        return undefined;
      }
      const { symbol, currency, multiplier } = first;
      const standing = fills.filter(
        (fill) => !fill.busted && !(fill.orderId === orderId && fill.executionId === executionId),
      );
      return foldPosition(
        { symbol, currency, multiplier: parseDecimal(multiplier) },
        standing.map(({ side, price, quantity }) => ({
          side,
          price: parseDecimal(price),
          quantity: parseDecimal(quantity),
        })),
      );
    },
  };
}
