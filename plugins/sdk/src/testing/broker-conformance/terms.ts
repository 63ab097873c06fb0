import { tryParseDecimal } from '../../decimal.ts';
import type { OrderTerms } from '../../order-terms.ts';

const AMOUNTS = ['quantity', 'limitPrice', 'stopPrice', 'trailingOffset', 'displayQuantity'] as const;
const WORDS = ['symbol', 'side', 'type', 'timeInForce', 'postOnly', 'reduceOnly'] as const;

/** Whether two decimals are the same number, to the last digit. */
export function sameAmount(a: string | null | undefined, b: string | null | undefined): boolean {
  const [one, other] = [a ?? null, b ?? null];
  if (one === other) return true;
  if (one === null || other === null) return false;
  const value = tryParseDecimal(one);
  return value !== undefined && value === tryParseDecimal(other);
}

/** The first term that is not as it was asked for; null when all are. */
export function changedTerm(asked: OrderTerms, held: OrderTerms | undefined): keyof OrderTerms | null {
  if (held === undefined) return 'symbol';
  return (
    WORDS.find((name) => asked[name] !== held[name]) ??
    AMOUNTS.find((name) => !sameAmount(asked[name], held[name])) ??
    null
  );
}
