import type { Fixed } from '../../decimal.ts';
import { isOpen, type PaperOrder } from './order.ts';
import type { OrderList } from './order-list.ts';
import { trailedLevel } from './touch.ts';

/**
 * Brings a bracket in line with what its members have filled, as a gateway does:
 *
 * - Legs are held until the entry fills, and follow what it has filled less what the other leg has.
 * - The take profit then works; the stop stays HELD until it triggers, as the gateway watches it.
 * - Once a leg has filled, what is left of the entry is cancelled: further units would have no exit.
 * - When nothing is left to close, the other leg is cancelled.
 *
 * `last` is the last close, from which a trailing stop begins. New legs wait for bars that begin at `at`.
 */
export function alignBracket(
  order: PaperOrder,
  orders: OrderList,
  at: number,
  last: Fixed,
  tick: Fixed,
): void {
  const entry = order.entry ?? order;
  if (entry.legs.length === 0 || entry.filled === 0n) return;
  const closed = entry.legs.reduce((sum, leg) => sum + leg.filled, 0n);
  if (closed > 0n) orders.end(entry, 'CANCELED', at, 'a leg of the bracket has filled');
  for (const leg of entry.legs.filter(isOpen)) {
    const left = entry.filled - closed;
    if (left <= 0n) {
      orders.end(leg, 'CANCELED', at, 'the other leg of the bracket has filled');
      continue;
    }
    leg.quantity = left + leg.filled;
    if (leg.from !== Infinity) continue;
    leg.from = at;
    if (leg.type === 'TRAILING_STOP') leg.stop = trailedLevel(leg, last, tick);
    if (leg.isStopLoss) continue;
    orders.report(leg, 'SUBMITTED', at);
    orders.report(leg, 'WORKING', at);
  }
}
