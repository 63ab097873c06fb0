import { abs, type Fixed, formatDecimal, max, multiply } from '../../decimal.ts';
import type { PaperAccount } from './account.ts';
import { leavesOf, type PaperOrder } from './order.ts';
import type { ReplaySettings } from './settings.ts';

/** What an order is reckoned to trade at when it is placed. */
const expectedPrice = (order: PaperOrder, account: PaperAccount): Fixed | null =>
  order.limit ?? order.stop ?? account.mark(order.symbol) ?? null;

/** Money that an order would bind; 0 for the part that closes what is held, and for legs of brackets. */
const boundBy = (order: PaperOrder, account: PaperAccount): Fixed => {
  if (order.entry !== null || order.reduceOnly) return 0n;
  const price = expectedPrice(order, account) ?? 0n;
  const leaves = leavesOf(order);
  const held = account.quantity(order.symbol);
  const closable = order.side === 'BUY' ? max(-held, 0n) : max(held, 0n);
  const worth = abs(account.value(order.symbol, closable, price));
  return max(
    (leaves === null ? (order.notional ?? 0n) : account.value(order.symbol, leaves, price)) - worth,
    0n,
  );
};

const overBuyingPower = (
  order: PaperOrder,
  open: readonly PaperOrder[],
  account: PaperAccount,
  leverage: Fixed,
): string | null => {
  const wanted = boundBy(order, account);
  if (wanted === 0n) return null;
  let bound = wanted;
  for (const other of open) bound += boundBy(other, account);
  for (const [symbol, { quantity }] of account.holdings) {
    bound += abs(account.value(symbol, quantity, account.mark(symbol) ?? 0n));
  }
  const allowed = multiply(account.equity, leverage);
  if (bound <= allowed) return null;
  return `positions and orders worth ${formatDecimal(bound)} are more than the ${formatDecimal(allowed)} that cash allows`;
};

const short = (order: PaperOrder, account: PaperAccount, { allowShort, instruments }: ReplaySettings) => {
  if (order.side === 'BUY') return null;
  if (allowShort && instruments.get(order.symbol)?.view.shortable === true) return null;
  const held = max(account.quantity(order.symbol), 0n);
  const mark = account.mark(order.symbol) ?? 0n;
  const fits =
    order.quantity === null
      ? (order.notional ?? 0n) <= account.value(order.symbol, held, mark)
      : order.quantity <= held;
  return fits ? null : `selling more than the ${formatDecimal(held)} held would be a short sale`;
};

const reduces = (order: PaperOrder, account: PaperAccount): string | null => {
  if (!order.reduceOnly) return null;
  const held = account.quantity(order.symbol);
  const closable = order.side === 'BUY' ? -held : held;
  if (closable <= 0n) return `reduce-only ${order.side} has no position to reduce`;
  return (order.quantity ?? 0n) <= closable ? null : 'reduce-only for more than the position';
};

/** Why an order is denied by what the account holds; null when it may go. */
export function deniedBy(
  order: PaperOrder,
  open: readonly PaperOrder[],
  account: PaperAccount,
  settings: ReplaySettings,
): string | null {
  const { leverage } = settings;
  return (
    reduces(order, account) ??
    short(order, account, settings) ??
    (leverage === null ? null : overBuyingPower(order, open, account, leverage))
  );
}
