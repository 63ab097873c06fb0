import type { MarketTick } from '@omniquant/venue/market-tick';

/** The market of a symbol as its ticks have left it: one object for a run, so that a tick costs none. */
export class MovingTick implements MarketTick {
  at = 0;
  last = 0;
  volume = 0;
  bid = 0;
  ask = Infinity;
  bidSize = 0;
  askSize = 0;
}
