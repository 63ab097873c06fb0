/* What `omniquant data` and its commands say of themselves. */

export type DataCommand = 'import' | 'list' | 'remove';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly does: string;
  /** Whether it says how files are read, or what their instrument is. */
  readonly of?: 'reading' | 'instrument';
}

export const IMPORT_OPTIONS = {
  kind: {
    type: 'string',
    value: 'kind',
    does: 'of what the rows are: bars (default), quotes, trades, l2 (price levels), l3 (orders) or actions (splits, dividends)',
  },
  symbol: { type: 'string', value: 'symbol', of: 'reading', does: 'of all rows, where no column says it' },
  interval: {
    type: 'string',
    value: 'interval',
    of: 'reading',
    does: 'of the bars; DAY_1 where there are no times. Of quotes and trades that sum one up',
  },
  columns: {
    type: 'string',
    value: 'json',
    of: 'reading',
    does: 'unusual names: \'{"time":"ts","open":"o"}\'',
  },
  'time-format': {
    ...{ type: 'string', value: 'format', of: 'reading' },
    does: 'epoch-milliseconds, text, month-first, day-first ...; found out by itself where that can be',
  },
  date: { type: 'string', value: 'day', of: 'reading', does: 'of times that have none: 2013-10-07' },
  'time-zone': {
    type: 'string',
    value: 'zone',
    of: 'reading',
    does: "of times without an offset; by default the market's",
  },
  'time-is': {
    type: 'string',
    value: 'start|end',
    of: 'reading',
    does: 'what the time of a bar says; start',
  },
  gaps: {
    type: 'string',
    value: 'refuse|keep',
    of: 'reading',
    does: 'of l2 and l3, messages that are missing: refuse (default), or keep and nothing trades until a snapshot',
  },
  'price-scale': { type: 'string', value: 'number', of: 'reading', does: 'prices are divided by it' },
  name: { type: 'string', value: 'name', of: 'instrument', does: 'of the instrument' },
  'asset-class': {
    type: 'string',
    value: 'class',
    of: 'instrument',
    does: 'EQUITY (default), CRYPTO, FX, FUTURE, OPTION, INDEX',
  },
  currency: { type: 'string', value: 'code', of: 'instrument', does: 'of its prices; USD' },
  'tick-size': {
    type: 'string',
    value: 'step',
    of: 'instrument',
    does: 'of prices; by default the finest step that they have',
  },
  'lot-size': { type: 'string', value: 'step', of: 'instrument', does: 'of quantities; 1' },
  multiplier: { type: 'string', value: 'number', of: 'instrument', does: 'units in one contract; 1' },
  exchange: { type: 'string', value: 'code', of: 'instrument', does: 'where it is listed' },
  calendar: {
    type: 'string',
    value: 'US_EQUITY|ALWAYS',
    of: 'instrument',
    does: 'when it trades; ALWAYS for CRYPTO and FX',
  },
  fractionable: { type: 'boolean', of: 'instrument', does: 'parts of a unit are traded' },
  'no-shorting': { type: 'boolean', does: 'it is not sold short' },
  replace: {
    type: 'boolean',
    does: 'what is there of the same symbol and interval, or kind, gives way; actions always do',
  },
} as const satisfies Readonly<Record<string, Option>>;

export const importOptions = Object.entries(IMPORT_OPTIONS) as readonly (readonly [string, Option])[];

const optionLine = ([name, { does, value }]: readonly [string, Option]): string =>
  `      ${`--${name}${value === undefined ? '' : ` <${value}>`}`.padEnd(30)}${does}\n`;

/** What --columns can name. */
const COLUMNS = `      columns, where they are not called so or usually:
        bars    time open high low close volume
        quotes  time bid ask bidSize askSize
        trades  time price size; side (of who took) or buyerMaker
        l2      time side price size; action (snapshot, update, delete) or snapshot (true, false); sequence,
                or of feeds that name updates sequence (the last), firstSequence, previousSequence
        l3      time action (add, reduce, execute, delete, replace, clear) orderId side price size; newOrderId;
                sequence as of l2
        actions symbol date type (split, dividend) value (new for old units, 4:1 or 0.1; or money for each unit)
        of all  symbol; date, where times have none
`;

const USAGES: Readonly<
  Record<DataCommand, { readonly synopsis: string; readonly does: string; readonly more: string }>
> = {
  import: {
    synopsis:
      'import <file.csv|file.csv.gz|file.parquet> ... --symbol <symbol> [--interval <interval>] [--kind <kind>]',
    does: 'checks every row and keeps bars, ticks, or splits and dividends for backtests; of a wrong file nothing is kept',
    more: `${importOptions.map(optionLine).join('')}${COLUMNS}`,
  },
  list: {
    synopsis: 'list [--json]',
    does: 'the bars and ticks that backtests can run on, and the splits and dividends that they apply',
    more: '',
  },
  remove: {
    synopsis: 'remove <symbol> [--interval <interval>] [--kind <kind>]',
    does: 'removes what was imported of a symbol: all of it, one interval, or one kind',
    more: '',
  },
};

export const isDataCommand = (name: string): name is DataCommand => Object.hasOwn(USAGES, name);

export const DATA_USAGE = `usage: omniquant data <command>\n${Object.values(USAGES)
  .map(({ does, synopsis }) => `  ${synopsis}\n      ${does}\n`)
  .join('')}`;

export const usageOf = (command: DataCommand): string => {
  const { does, more, synopsis } = USAGES[command];
  return `usage: omniquant data ${synopsis}\n      ${does}\n${more}`;
};
