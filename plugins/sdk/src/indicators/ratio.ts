/** a / b, or null where that is no finite number. */
export const ratio = (a: number, b: number): number | null => {
  const quotient = a / b;
  return Number.isFinite(quotient) ? quotient : null;
};
