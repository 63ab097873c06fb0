import { parseArgs } from 'node:util';

import type { TickKind } from '../../../core/backtest/tick-source.ts';
import { importActions } from '../../backtests/market-data/import-actions.ts';
import { importBars } from '../../backtests/market-data/import-bars.ts';
import type { ImportRequest } from '../../backtests/market-data/import-terms.ts';
import { importTicks, type TickImportRequest } from '../../backtests/market-data/import-ticks.ts';
import { MarketDataError } from '../../backtests/market-data/market-data-error.ts';
import { listMarketData, marketDataFolder } from '../../backtests/market-data/open-market-data.ts';
import { type RemovedPart, removeSeries } from '../../backtests/market-data/remove-series.ts';
import { allStoredActions } from '../../backtests/market-data/stored-actions.ts';
import { TICK_KINDS } from '../../backtests/market-data/tick-manifest.ts';
import { readConfig } from '../../config.ts';
import { nearestHint } from '../../services/nearest-text.ts';
import { asksForHelp } from '../asks-for-help.ts';
import { stoppable } from '../stop-signal.ts';
import { UsageError } from '../usage-error.ts';
import {
  DATA_USAGE,
  type DataCommand,
  IMPORT_OPTIONS,
  importOptions,
  isDataCommand,
  usageOf,
} from './data-usage.ts';
import { bySymbol, kindOf, listedActions, type ListedSeries, seriesTable } from './series-table.ts';

const say = (text: string): boolean => process.stdout.write(text);

const RUN: Readonly<Record<DataCommand, (args: readonly string[]) => Promise<void> | void>> = {
  import: importFiles,
  list,
  remove,
};

/** `omniquant data …`. Throws UsageError for arguments that make no sense. */
export async function dataCommand([command = '', ...args]: readonly string[]): Promise<void> {
  if (isDataCommand(command)) {
    if (asksForHelp(args)) say(usageOf(command));
    else await inOptions(() => RUN[command](args));
  } else if (asksForHelp([command])) say(DATA_USAGE);
  else throw new UsageError(DATA_USAGE);
}

async function importFiles(args: readonly string[]): Promise<void> {
  const { positionals: files, values } = parse('import', args, IMPORT_OPTIONS);
  if (files.length === 0) throw new UsageError(`a file is missing\n${usageOf('import')}`);
  const request = {
    files,
    instrument: {
      ...settingsOf('instrument', values),
      ...(values['no-shorting'] === true && { shortable: false }),
    },
    replace: values.replace === true,
  };
  const reading = settingsOf('reading', values);
  const kind = values.kind === undefined ? null : kindNamed(values.kind);
  if (kind === 'ACTIONS') await importActionFiles(files, values);
  else if (kind !== null) await importTickFiles({ ...request, reading: { ...reading, kind } });
  else await importBarFiles({ ...request, reading });
}

async function importBarFiles(request: ImportRequest): Promise<void> {
  const { DATA_DIR } = readConfig();
  if ('gaps' in request.reading) throw new UsageError('omniquant: --gaps is of --kind l2 and l3');
  const imported = await stoppable((signal) =>
    importBars(marketDataFolder(DATA_DIR), request, listMarketData(DATA_DIR), signal),
  );
  say(seriesTable(imported));
}

async function importTickFiles(request: TickImportRequest): Promise<void> {
  const { DATA_DIR } = readConfig();
  const imported = await stoppable((signal) =>
    importTicks(marketDataFolder(DATA_DIR), request, listMarketData(DATA_DIR), signal),
  );
  say(seriesTable(imported.map(({ series }) => series)));
  for (const { firstGaps, gaps, series } of imported.filter((each) => each.gaps > 0)) {
    const rest = gaps - firstGaps.length;
    const lines = [...firstGaps, ...(rest > 0 ? [`and ${String(rest)} more`] : [])];
    process.stderr.write(
      `omniquant: messages of ${series.symbol} are missing:\n${lines.map((line) => `  ${line}\n`).join('')}`,
    );
  }
}

/** What options besides these say is said of prices. */
const OF_ACTIONS: readonly string[] = ['kind', 'symbol', 'columns', 'replace'];

async function importActionFiles(
  files: readonly string[],
  values: Readonly<Record<string, string | boolean | undefined>>,
): Promise<void> {
  const stray = Object.keys(values).find((name) => !OF_ACTIONS.includes(name));
  if (stray !== undefined) {
    throw new UsageError(`omniquant: --${stray} is not of --kind actions: leave it out`);
  }
  const { DATA_DIR } = readConfig();
  const request = { files, reading: settingsOf('reading', values) };
  const imported = await stoppable((signal) => importActions(marketDataFolder(DATA_DIR), request, signal));
  say(seriesTable(imported.map(listedActions)));
  const data = listMarketData(DATA_DIR);
  const known = [...new Set([...data.series(), ...data.ticks()].map(({ symbol }) => symbol))];
  for (const { symbol } of imported.filter((each) => !known.includes(each.symbol))) {
    const hint = nearestHint(symbol, known);
    process.stderr.write(`omniquant: nothing else of ${symbol} is imported yet${hint}\n`);
  }
}

function list(args: readonly string[]): void {
  const { values } = parse('list', args, { json: { type: 'boolean' } }, 0);
  const { DATA_DIR } = readConfig();
  const data = listMarketData(DATA_DIR);
  const actions = allStoredActions(marketDataFolder(DATA_DIR)).map(listedActions);
  const series = bySymbol<ListedSeries>([...data.series(), ...data.ticks(), ...actions]);
  say(values.json === true ? `${JSON.stringify(series.map(inIsoTimes), null, 2)}\n` : seriesTable(series));
}

const inIsoTimes = (series: ListedSeries) => ({
  ...series,
  first: new Date(series.first).toISOString(),
  last: new Date(series.last).toISOString(),
});

function remove(args: readonly string[]): void {
  const options = { interval: { type: 'string' }, kind: { type: 'string' } } as const;
  const { positionals, values } = parse('remove', args, options, 1);
  const [symbol] = positionals;
  if (symbol === undefined) throw new UsageError(`a symbol is missing\n${usageOf('remove')}`);
  const part = partOf(values.interval?.toUpperCase() ?? null, values.kind ?? null);
  for (const removed of removeSeries(marketDataFolder(readConfig().DATA_DIR), symbol, part)) {
    const series = 'actions' in removed ? listedActions(removed) : removed;
    const rows = 'interval' in series ? 'bars' : 'rows';
    say(`removed: ${series.symbol} in ${kindOf(series)}, ${String(series.rows)} ${rows}\n`);
  }
}

function partOf(interval: string | null, kindText: string | null): RemovedPart | null {
  const kind = kindText === null ? null : kindNamed(kindText);
  if (kind !== null && interval !== null) throw new UsageError('omniquant: --interval is of bars only');
  if (kind === 'ACTIONS') return { actions: true };
  if (kind !== null) return { ticks: kind };
  return interval === null && kindText === null ? null : { bars: interval };
}

/** Null for bars. Throws UsageError for what is no kind, with the nearest that is. */
function kindNamed(text: string): TickKind | 'ACTIONS' | null {
  const kinds = ['BARS', ...TICK_KINDS, 'ACTIONS'] as const;
  const named = kinds.find((kind) => kind === text.toUpperCase());
  if (named !== undefined) return named === 'BARS' ? null : named;
  const known = kinds.map((kind) => kind.toLowerCase());
  throw new UsageError(
    `omniquant: --kind is ${JSON.stringify(text)}, and has to be one of ${known.join(', ')}${nearestHint(text, known)}`,
  );
}

/** Settings of one kind, under the names that market-files has for them. */
function settingsOf(
  of: 'reading' | 'instrument',
  values: Readonly<Record<string, string | boolean | undefined>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    importOptions.flatMap(([name, option]) => {
      const value = values[name];
      return option.of !== of || value === undefined
        ? []
        : [[inCamelCase(name), valueOf(name, value)] as const];
    }),
  );
}

const inCamelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const inKebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const IN_CAPITALS = new Set(['interval', 'asset-class', 'calendar']);

function valueOf(name: string, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (IN_CAPITALS.has(name)) return value.toUpperCase();
  if (name !== 'columns') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (cause) {
    throw new UsageError('--columns is JSON in single quotes, such as --columns \'{"time":"ts"}\'', {
      cause,
    });
  }
}

/** What is wrong with an option, in the words of the command line. */
async function inOptions(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof MarketDataError) || cause.field === null) throw cause;
    const { field, message } = cause;
    const [setting = '', ...path] = field.split('.');
    const option = Object.hasOwn(IMPORT_OPTIONS, inKebabCase(setting))
      ? `--${inKebabCase(setting)}`
      : setting;
    const text = message.startsWith(field) ? message.slice(field.length) : `: ${message}`;
    throw new UsageError(`omniquant: ${[option, ...path].join(' ')}${text}`, { cause });
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse<const O extends Options>(
  command: DataCommand,
  args: readonly string[],
  options: O,
  most = Infinity,
) {
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError(`${why}\n${usageOf(command)}`, { cause });
  };
  const understood = () => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true });
    } catch (cause) {
      return refuse(cause instanceof Error ? cause.message : String(cause), cause);
    }
  };
  const { positionals, values } = understood();
  const stray = positionals[most];
  if (stray !== undefined) refuse(`${stray} is one argument too many`);
  return { positionals, values };
}
