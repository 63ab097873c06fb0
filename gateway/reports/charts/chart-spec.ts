/** Names of the page's colours. */
export type Ink = 'strategy' | 'benchmark' | 'gain' | 'loss' | 'neutral';

/** How values of a chart are written. GROWTH is of one unit: 1.25 reads "+25%". */
export type ValueKind = 'GROWTH' | 'PERCENT' | 'RATIO' | 'PRICE' | 'COUNT';

export interface ChartSeries {
  readonly label: string;
  readonly ink: Ink;
  readonly style: 'LINE' | 'AREA' | 'BARS';
  readonly kind: ValueKind;
  /** One for each x; null draws nothing. */
  readonly values: readonly (number | null)[];
}

/** DAY: days since 1970-01-01. BAR: starts of bars (ms), drawn side by side. VALUE: numbers. */
export interface ChartAxis {
  readonly kind: 'DAY' | 'BAR' | 'VALUE';
  readonly values: readonly number[];
}

/** Executions of one side in one bar. */
export interface ChartMark {
  /** Number of the bar. */
  readonly bar: number;
  readonly side: 'BUY' | 'SELL';
  readonly price: number;
  readonly text: string;
}

/** A closed trade from entry to exit. */
export interface ChartTrade {
  readonly fromBar: number;
  readonly fromPrice: number;
  readonly toBar: number;
  readonly toPrice: number;
  readonly won: boolean;
}

/** What the page draws, as JSON in it. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** What the chart is; shown below the title. */
  readonly caption: string;
  /** What it shows, for those who do not see it. */
  readonly alternative: string;
  readonly size: 'TALL' | 'MIDDLE' | 'SHORT';
  readonly axis: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** Charts of one name move their cursors and zoom together. */
  readonly together: string | null;
  readonly logarithmic: boolean;
  /** Spans of x that lie in shade. */
  readonly shaded: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** Lines at a value of x or y. */
  readonly lines: readonly { readonly axis: 'x' | 'y'; readonly at: number; readonly label: string }[];
  /** Lowest and highest price of each bar. */
  readonly range: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
  readonly marks: readonly ChartMark[];
  readonly trades: readonly ChartTrade[];
}

const PLAIN = {
  together: null,
  logarithmic: false,
  shaded: [],
  lines: [],
  range: null,
  marks: [],
  trades: [],
} as const;

type Optional = keyof typeof PLAIN;

export const chart = (spec: Omit<ChartSpec, Optional> & Partial<Pick<ChartSpec, Optional>>): ChartSpec => ({
  ...PLAIN,
  ...spec,
});

/** More digits than a screen has pixels would only make the page larger. */
export const forScreen = (value: number | null, digits = 6): number | null =>
  value === null ? null : Number(value.toPrecision(digits));
