import { BAR_INTERVALS, type Static, T, type VenueInstrument } from '@omniquant/plugin-sdk';

/** How times are written. `auto` looks at the first row; it refuses dates with slashes, which may be either. */
export const TIME_FORMATS = [
  ...(['auto', 'epoch-seconds', 'epoch-milliseconds', 'epoch-microseconds', 'epoch-nanoseconds'] as const),
  ...(['milliseconds-of-day', 'text', 'month-first', 'day-first'] as const),
] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

export const decimal = (description: string) =>
  T.String({ pattern: '^\\d{1,20}(\\.\\d{1,18})?$', description });
const column = T.Optional(T.String({ minLength: 1, maxLength: 200 }));
const closed = { additionalProperties: false };

/** Names of the columns, where they are not the usual ones. */
const Columns = T.Object(
  {
    ...{ time: column, date: column, symbol: column },
    ...{ open: column, high: column, low: column, close: column, volume: column },
    ...{ bid: column, ask: column, bidSize: column, askSize: column, last: column },
    ...{ price: column, size: column },
  },
  closed,
);
export type ColumnNames = Static<typeof Columns>;
export type ColumnRole = keyof ColumnNames;

/** What is known of an instrument that the files do not say. */
export const InstrumentTermsSchema = T.Object(
  {
    name: T.Optional(T.String()),
    assetClass: T.Optional(
      T.Union(
        (['EQUITY', 'CRYPTO', 'FX', 'FUTURE', 'OPTION', 'INDEX'] as const).map((name) => T.Literal(name)),
      ),
    ),
    currency: T.Optional(T.String({ pattern: '^[A-Z][A-Z0-9]{1,9}$' })),
    tickSize: T.Optional(decimal('Smallest step of a price; 0.01 when left out.')),
    lotSize: T.Optional(decimal('Smallest step of a quantity; 1 when left out.')),
    multiplier: T.Optional(decimal('1 when left out.')),
    shortable: T.Optional(T.Boolean()),
    fractionable: T.Optional(T.Boolean()),
    exchange: T.Optional(T.String()),
    calendar: T.Optional(T.Union([T.Literal('US_EQUITY'), T.Literal('ALWAYS')])),
  },
  closed,
);
export type InstrumentTerms = Static<typeof InstrumentTermsSchema>;

/** Files of one form. */
const Source = T.Object(
  {
    folder: T.String({
      minLength: 1,
      description:
        'Nothing outside of it is read. An absolute path, or package:<name> for an installed npm package.',
    }),
    files: T.String({ minLength: 1, description: 'Names within the folder; * and ** stand for any.' }),
    symbol: T.Optional(T.String({ minLength: 1, description: 'Of all rows, where no column says it.' })),
    namePattern: T.Optional(
      T.String({
        maxLength: 200,
        description:
          'Regular expression on the file name whose groups symbol and date say what the rows do not.',
      }),
    ),
    kind: T.Optional(T.Union([T.Literal('bars'), T.Literal('quotes'), T.Literal('trades')])),
    interval: T.Optional(T.Union(BAR_INTERVALS.map((name) => T.Literal(name)))),
    columns: T.Optional(Columns),
    timeFormat: T.Optional(T.Union(TIME_FORMATS.map((name) => T.Literal(name)))),
    timeZone: T.Optional(
      T.String({ description: 'IANA name for times without an offset; by default that of the calendar.' }),
    ),
    timeIs: T.Optional(
      T.Union([T.Literal('start'), T.Literal('end')], {
        description: 'What the time of a bar, or of a quote or trade that sums up an interval, says.',
      }),
    ),
    date: T.Optional(
      T.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Of times that have none.' }),
    ),
    priceScale: T.Optional(decimal('Prices are divided by it: 10000 for deci-cents.')),
  },
  closed,
);
export type SourceConfig = Static<typeof Source>;

/** What both feeds of files are set up with. */
export const MarketFilesSchema = T.Object(
  {
    sources: T.Array(Source, { minItems: 1, maxItems: 1_000 }),
    /** By symbol; `*` holds for all. */
    instruments: T.Optional(T.Record(T.String(), InstrumentTermsSchema)),
  },
  closed,
);
export type MarketFilesConfig = Static<typeof MarketFilesSchema>;

/** An instrument of the files: its own terms, then those of `*`, then those of a US stock. */
export function instrumentOf(symbol: string, instruments: MarketFilesConfig['instruments']): VenueInstrument {
  const terms: InstrumentTerms = { ...instruments?.['*'], ...instruments?.[symbol] };
  return {
    symbol,
    name: terms.name ?? null,
    assetClass: terms.assetClass ?? 'EQUITY',
    currency: terms.currency ?? 'USD',
    tickSize: terms.tickSize ?? '0.01',
    lotSize: terms.lotSize ?? '1',
    multiplier: terms.multiplier ?? '1',
    minQuantity: null,
    maxQuantity: null,
    shortable: terms.shortable ?? true,
    fractionable: terms.fractionable ?? false,
    exchange: terms.exchange ?? null,
    calendar: terms.calendar ?? 'US_EQUITY',
  };
}
