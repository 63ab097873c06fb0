import type { BacktestFill, BacktestOrder, BacktestResult } from '../backtest-result.ts';

/** What two runs are compared by. */
export type ComparedRun = Pick<BacktestResult, 'orders' | 'fills'>;

/** The first order or fill that one of two runs has, or has otherwise. */
export interface Difference {
  /** Market time, epoch ms. */
  readonly at: number;
  /** As the run that is compared with has it; null where it has nothing there. */
  readonly expected: BacktestOrder | BacktestFill | null;
  readonly found: BacktestOrder | BacktestFill | null;
}

/** Of an order that may still change: what it was placed as. */
const PLACED = ['at', 'symbol', 'side', 'type', 'timeInForce', 'role', 'ref'] as const;
/** Of one that was over. Ids are given out in the order of the run and so are the same, too. */
const ENDED = [
  ...PLACED,
  ...([
    'quantity',
    'limitPrice',
    'stopPrice',
    'filledQuantity',
    'averageFillPrice',
    'status',
    'endedAt',
  ] as const),
];
const FILLED = ['at', 'orderId', 'symbol', 'side', 'price', 'quantity', 'fee'] as const;

const isSame = <Row>(a: Row, b: Row, members: readonly (keyof Row)[]): boolean =>
  members.every((member) => a[member] === b[member]);

const isSameOrder = (a: BacktestOrder, b: BacktestOrder, before: number): boolean => {
  const wasOver = (order: BacktestOrder): boolean => order.endedAt !== null && order.endedAt < before;
  if (wasOver(a) !== wasOver(b)) return false;
  return isSame(a, b, wasOver(a) ? ENDED : PLACED);
};

const isSameFill = (a: BacktestFill, b: BacktestFill): boolean => isSame(a, b, FILLED);

function firstOf<Row extends BacktestOrder | BacktestFill>(
  expected: readonly Row[],
  found: readonly Row[],
  isEqual: (a: Row, b: Row) => boolean,
): Difference | null {
  for (let place = 0; place < Math.max(expected.length, found.length); place += 1) {
    const a: Row | null = expected[place] ?? null;
    const b: Row | null = found[place] ?? null;
    const isBoth = a !== null && b !== null;
    if (isBoth && isEqual(a, b)) continue;
    return { at: Math.min(a?.at ?? Infinity, b?.at ?? Infinity), expected: a, found: b };
  }
  return null;
}

/**
 * The first difference of two runs before an instant; null where they did the same up to there. An order that was open
 * then counts by how it was placed, as one of the runs may have changed it later.
 */
export function firstDifference(
  expected: ComparedRun,
  found: ComparedRun,
  before: number,
): Difference | null {
  const early = <Row extends { readonly at: number }>(rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ at }) => at < before);
  const order = firstOf(early(expected.orders), early(found.orders), (a, b) => isSameOrder(a, b, before));
  const fill = firstOf(early(expected.fills), early(found.fills), isSameFill);
  if (order === null || fill === null) return order ?? fill;
  return fill.at < order.at ? fill : order;
}
