import type { Fixed } from '@omniquant/plugin-sdk/decimal';

/** A trade that the market printed, at an instant in epoch ms. */
export interface Trade {
  readonly symbol: string;
  readonly at: number;
  readonly price: Fixed;
  /** In units of the instrument. */
  readonly size: Fixed;
}
