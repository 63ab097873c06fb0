import { createL2Rules } from './l2-rules.ts';
import { createL3Rules } from './l3-rules.ts';
import type { TickCells } from './tick-cells.ts';
import type { TickKind } from './tick-kinds.ts';
import { sideOf, type TickRules, type TickRulesOptions, truthOf } from './tick-rule.ts';

const quotes: TickRules = {
  read(cells, at, take) {
    const [bid, ask] = [cells.priceOrNone('bid'), cells.priceOrNone('ask')];
    if (bid > ask) cells.fail('bid', `is above the ask of ${cells.text('ask')}: the quote is crossed`);
    take([at, bid, cells.size('bidSize'), ask, cells.size('askSize')]);
  },
};

const UNKNOWN_SIDES = new Set(['', '0', 'n', 'none', 'unknown']);

function takerOf(cells: TickCells): number {
  if (cells.has('side')) {
    const text = cells.text('side');
    if (UNKNOWN_SIDES.has(text.toLowerCase())) return 0;
    return sideOf(text) ?? cells.fail('side', 'is no side: buy or sell, of who took, or nothing');
  }
  if (!cells.has('buyerMaker')) return 0;
  const isBuyerMaker = truthOf(cells.text('buyerMaker'));
  if (isBuyerMaker === undefined) return cells.fail('buyerMaker', 'is neither true nor false');
  return isBuyerMaker ? -1 : 1;
}

const trades: TickRules = {
  read(cells, at, take) {
    take([at, cells.price('price'), cells.sizeAboveZero('size'), takerOf(cells)]);
  },
};

/** Rules of a series: those of books remember what they have seen. */
export function tickRules(kind: TickKind, options: TickRulesOptions): TickRules {
  switch (kind) {
    case 'QUOTES':
      return quotes;
    case 'TRADES':
      return trades;
    case 'L2':
      return createL2Rules(options);
    case 'L3':
      return createL3Rules(options);
  }
}
