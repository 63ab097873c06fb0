/* The options of `omniquant backtest`: what is parsed, what is asked of a backtest, and what help says of them. */

/** An option of a command that makes a request. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  /** What stands for its value. */
  readonly value?: string;
  readonly does: string;
  /** What it is when it is left out. */
  readonly usual?: string;
  /** Path of what it gives in the request. */
  readonly setting?: string;
}

export const BACKTEST_OPTIONS = {
  strategy: { type: 'string', value: 'id', setting: 'strategy', does: 'a strategy of a loaded plugin' },
  symbols: {
    ...{ type: 'string', value: 'A,B', setting: 'symbols' },
    does: 'what it trades; omniquant data list has all',
  },
  set: {
    ...{ type: 'string', multiple: true, value: 'name=value', setting: 'config' },
    does: 'a parameter of the strategy; once for each',
  },
  interval: {
    ...{ type: 'string', value: 'interval', setting: 'interval', usual: 'DAY_1' },
    does: 'bars that it is given; made of finer ones where they are not stored',
  },
  data: {
    ...{ type: 'string', value: 'kinds', setting: 'data', usual: 'what the strategy and --fills ask for' },
    does: 'bars, quotes, trades, l2, l3: what orders trade in, such as quotes,trades; bars for bars alone',
  },
  from: {
    ...{ type: 'string', value: 'time', setting: 'from', usual: 'the first bar after the warm-up' },
    does: 'a day, or a time with its offset; earlier bars warm the strategy up',
  },
  to: {
    ...{ type: 'string', value: 'time', setting: 'to', usual: 'the last bar' },
    does: 'a day, which counts, or a time',
  },
  cash: {
    ...{ type: 'string', value: 'amount', setting: 'startingCash', usual: '100000' },
    does: 'what the account begins with',
  },
  'base-currency': {
    ...{ type: 'string', value: 'code', setting: 'baseCurrency', usual: 'that of the first symbol' },
    does: 'of the account',
  },
  fees: {
    ...{ type: 'string', value: 'json', setting: 'fees', usual: 'NONE' },
    does: '\'{"model":"PERCENTAGE","rate":"0.001"}\'; also PER_ORDER, PER_UNIT, MAKER_TAKER, TIERED',
  },
  fills: {
    ...{ type: 'string', value: 'json', setting: 'fills', usual: 'BEST_PRICE' },
    does: '\'{"model":"SLIPPAGE","ticks":1}\'; also PROBABILISTIC, VOLUME_SHARE, SQUARE_ROOT_IMPACT; L2_WALK, QUEUE_POSITION, L3_FIFO',
  },
  latency: {
    ...{ type: 'string', value: 'ms|json', setting: 'latency', usual: '0' },
    does: 'from a decision to the venue; \'{"model":"PER_COMMAND","submit":50,"replace":50,"cancel":20}\'',
  },
  seed: { type: 'string', value: 'number', setting: 'seed', usual: '0', does: 'of all chance' },
  benchmark: {
    ...{ type: 'string', value: 'symbol', setting: 'benchmark', usual: 'none' },
    does: 'what returns are compared with',
  },
  limits: {
    ...{ type: 'string', value: 'json', setting: 'limits', usual: 'those of a new account' },
    does: 'risk limits; \'{"maxLeverage":"1","maxConcentration":null}\', null lifts one',
  },
  'buying-power': {
    ...{ type: 'string', value: 'number', setting: 'buyingPowerMultiplier', usual: '2' },
    does: 'market value that one unit of equity may carry',
  },
  'order-hours': {
    ...{
      type: 'string',
      value: 'SESSION|ANY',
      setting: 'orderHours',
      usual: 'ANY for days and weeks, else SESSION',
    },
    does: 'when orders are taken',
  },
  calendar: {
    ...{ type: 'string', value: 'US_EQUITY|ALWAYS', setting: 'calendar', usual: 'that of the symbols' },
    does: 'trading days of the account',
  },
  'borrow-rate': {
    ...{ type: 'string', value: 'fraction', setting: 'borrowRate', usual: '0' },
    does: 'yearly, that shorts pay on their value',
  },
  'maintenance-margin': {
    ...{ type: 'string', value: 'fraction', setting: 'maintenanceMargin', usual: 'none' },
    does: 'equity over exposure below which everything is closed, such as 0.25',
  },
  dividends: {
    ...{ type: 'string', value: 'json', setting: 'dividends', usual: 'those imported' },
    does: '\'[{"symbol":"ACME","exDay":"2016-05-05","amount":"0.57"}]\', of prices not adjusted for them',
  },
  actions: {
    ...{ type: 'string', value: 'file', setting: 'corporateActions', usual: 'those imported' },
    does: 'splits and dividends, CSV or JSON with symbol, date, type (split, dividend) and value (4:1, 0.57)',
  },
  prices: {
    ...{ type: 'string', value: 'RAW|ADJUSTED', setting: 'prices', usual: 'RAW' },
    does: 'as traded, so that splits and dividends are applied; or with them in already',
  },
  stored: {
    type: 'boolean',
    does: 'also the bars that gateways have kept (STORE_BARS), in the database of DATABASE_URL or DATA_DIR',
  },
  workspace: {
    ...{ type: 'string', value: 'id|name', usual: 'the first of the installation' },
    does: 'of --stored: whose own bars count besides those that are for all',
  },
  'risk-free': {
    ...{ type: 'string', value: 'fraction', setting: 'riskFree', usual: '0' },
    does: 'yearly rate, for ratios',
  },
  report: { type: 'string', value: 'file', does: 'writes the tear sheet, one HTML file' },
  'csv-dir': {
    type: 'string',
    value: 'folder',
    does: 'writes performance, equity, trades, orders and fills as CSV',
  },
  json: { type: 'boolean', does: 'prints the whole result as JSON instead of the table' },
  help: { type: 'boolean', does: 'this; with --strategy also the parameters of the strategy' },
} as const satisfies Readonly<Record<string, CommandOption>>;

export type BacktestOption = keyof typeof BACKTEST_OPTIONS;

export const optionEntries = Object.entries(BACKTEST_OPTIONS) as readonly (readonly [
  BacktestOption,
  CommandOption,
])[];

/** How the command line has a setting of the request, such as "--set fast" for "config.fast". */
export function optionOf(field: string): string {
  const [setting = '', ...rest] = field.split(/[.[]/);
  const found = optionEntries.find(([, option]) => option.setting === setting);
  if (found === undefined) return field;
  const path = rest.map((part) => part.replace(']', '')).join('.');
  const [name] = found;
  // A place in the list of symbols says nothing that the symbol itself does not; nor one in that of data.
  return path === '' || name === 'symbols' || name === 'data' ? `--${name}` : `--${name} ${path}`;
}
