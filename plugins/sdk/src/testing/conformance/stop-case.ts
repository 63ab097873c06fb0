import { formatDecimal } from '../../decimal.ts';
import { Finding, type Kit, type KitCase } from './kit.ts';

/** Moments that pass after the stop, for the orders that close positions to fill. */
const MOMENTS_AFTER = 5;

const stopAt = (kit: Kit, fraction: number): void => {
  const { cancelsOrders = false, closesPositions = false } = kit.options.onStop ?? {};
  const bars = kit.bars('stop');
  const whole = kit.prepare(bars);
  const index = Math.floor(whole.moments.length * fraction);
  const until = whole.moments[index]?.endsAt ?? Infinity;
  const replay = kit.prepare(bars.filter(({ at }) => at < until));
  replay.play();
  const open = [...replay.orders.open];
  replay.stop();
  const left = open.filter((order) => replay.orders.open.includes(order));
  if (cancelsOrders && left.length > 0) {
    throw new Finding(`onStop leaves orders open: ${left.map(({ ref }) => ref).join(', ')}`);
  }
  if (!closesPositions) return;
  for (const moment of whole.moments.slice(index + 1, index + 1 + MOMENTS_AFTER)) replay.meet(moment);
  for (const [symbol, { quantity }] of replay.account.holdings) {
    if (quantity !== 0n) throw new Finding(`onStop leaves ${formatDecimal(quantity)} of ${symbol} behind`);
  }
};

export const stopCase: KitCase = {
  number: 'S12',
  title: 'stopped at any bar it leaves nothing open that it says it closes',
  run(kit) {
    for (const fraction of [0, 0.3, 0.45, 0.6, 0.75, 0.9]) stopAt(kit, fraction);
  },
};
