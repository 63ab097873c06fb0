/** How a figure is written. Fractions are shown as per cent; money is in the base currency. */
export type FigureKind =
  'PERCENT' | 'RATIO' | 'NUMBER' | 'MONEY' | 'COUNT' | 'DAYS' | 'SECONDS' | 'BASIS_POINTS';

/** A figure's name, how it is written, and what it means in one or two sentences. */
export interface Term {
  readonly label: string;
  readonly kind: FigureKind;
  readonly definition: string;
}

/** A term for every figure of a family: a family that gets a figure gets its definition with it. */
export type TermsOf<Family> = { readonly [Name in keyof Family]-?: Term };

export const term = (label: string, kind: FigureKind, definition: string): Term => ({
  label,
  kind,
  definition,
});
