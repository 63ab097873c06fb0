import { place, type StrategyOrder } from '@omniquant/plugin-sdk';
import { type BarShape, barsOf, replay, type ReplayOptions } from '@omniquant/plugin-sdk/testing';

import { type Script, scripted } from '../../../../support/scripted-strategy.ts';

/** A bar by its four prices. */
export const bar = (open: number, high: number, low: number, last: number): BarShape => ({
  open,
  high,
  low,
  close: last,
});
/** A buy of ten units, unless it says otherwise. */
export const order = (given: Partial<StrategyOrder>) =>
  place({ ref: 'x', symbol: 'TEST', side: 'BUY', quantity: '10', timeInForce: 'GTC', ...given });

/** Replays a script over a bar at 100 and those that come later. */
export async function run(
  script: Script,
  later: readonly (number | BarShape | null)[],
  options: ReplayOptions = {},
) {
  const { definition, heard } = scripted(script);
  const bars = barsOf([100, ...later], { volume: 100 });
  const result = await replay(definition, bars, { leverage: null, ...options });
  const ended = Object.fromEntries(result.orders.map(({ ref, status, reason }) => [ref, [status, reason]]));
  const fills = result.fills.map(({ ref, price, quantity }) => `${ref} ${quantity}@${price}`);
  return { ...result, heard, ended, fills, bars };
}
