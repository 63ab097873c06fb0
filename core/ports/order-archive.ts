import type { Decimal } from '@omniquant/plugin-sdk';

import type { OrderRecord } from '../orders/order-record.ts';
import type { FillRow } from './read-model.ts';

/** Done orders that left memory, for decisions that need them: one indexed query a batch. Writer's rights. */
export interface OrderArchive {
  byClientIds(
    wanted: readonly { readonly accountId: string; readonly clientOrderId: string }[],
    signal: AbortSignal,
  ): Promise<readonly { readonly accountId: string; readonly record: OrderRecord }[]>;
  /** Records with their fills. */
  byIds(
    wanted: readonly { readonly accountId: string; readonly orderId: string }[],
    signal: AbortSignal,
  ): Promise<readonly { readonly accountId: string; readonly record: OrderRecord }[]>;
  /** All fills of a symbol in booking order with the order's multiplier: what a bust is folded from. */
  fillsOf(
    accountId: string,
    symbol: string,
    signal: AbortSignal,
  ): Promise<readonly (FillRow & { readonly multiplier: Decimal; readonly currency: string })[]>;
}
