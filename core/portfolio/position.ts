import type { Fixed } from '@omniquant/plugin-sdk/decimal';

/**
 * What an account holds of a symbol. `cost` is the exact signed cost of what is held (negative for a
 * short), in the instrument's currency with the multiplier in it; the average price is
 * cost / (quantity x multiplier). A partial close takes round-half-even(cost x closed / quantity) off
 * the cost, the rest stays, and the last lot takes all. Realised PnL is before fees.
 */
export interface Position {
  readonly symbol: string;
  readonly currency: string;
  readonly multiplier: Fixed;
  quantity: Fixed;
  cost: Fixed;
  realizedPnl: Fixed;
}
