import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import { type BacktestExtensions, loadBacktestExtensions } from '../../backtests/backtest-extensions.ts';
import type { StoredBarsOffer } from '../../backtests/market-data/stored-bars-channel.ts';
import { readConfig } from '../../config.ts';
import { loadPlugin, type PluginEntry } from '../../plugins/load-plugin.ts';
import { OWN_OPTIMIZERS } from '../../plugins/own-optimizers.ts';
import { OWN_STRATEGIES } from '../../plugins/own-strategies.ts';
import { OWN_TUNERS } from '../../plugins/own-tuners.ts';
import { pluginEntries } from '../../plugins/plugin-list.ts';
import { runSweep, type SweepOutcome } from '../../sweeps/local/run-sweep.ts';
import { openSweepThreads } from '../../sweeps/local/sweep-threads.ts';
import { type PreparedSweep, prepareSweep } from '../../sweeps/prepare-sweep.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { createProgressLine } from '../backtest/progress-line.ts';
import type { OptionValues } from '../backtest/request-of.ts';
import { type OpenMarketData, withMarketData } from '../backtest/with-market-data.ts';
import { pluginListFile } from '../plugin/plugin-command.ts';
import { stoppable } from '../stop-signal.ts';
import { UsageError } from '../usage-error.ts';
import { checkBestReport, writeBestReport } from './best-report.ts';
import { checkSweepCsv, writeSweepCsv } from './sweep-csv.ts';
import { sweepOptionEntries, sweepOptionOf } from './sweep-options.ts';
import { sweepRequestOf } from './sweep-request-of.ts';
import { sweepTables } from './sweep-tables.ts';
import { SWEEP_USAGE, sweepHelp } from './sweep-usage.ts';

const say = (text: string): boolean => process.stdout.write(text);

/**
 * `omniquant sweep …`: searches the parameters of a strategy, in threads of this process. Throws UsageError for what no
 * sweep can be made of, naming the option, and rejects when it fails or is stopped.
 */
export async function sweepCommand(args: readonly string[]): Promise<void> {
  const values = understood(args);
  const listed = entries();
  const extensions = await loadBacktestExtensions(listed);
  const text = (name: string): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  const [strategyId, tunerId] = [text('strategy'), text('tuner')];
  const strategy = strategyId === null ? null : extensions.strategy(strategyId);
  const tuner = tunerId === null ? null : extensions.tuner(tunerId);
  if (values['help'] === true) {
    say(sweepHelp(extensions, strategy, tuner));
    return;
  }
  for (const needed of ['strategy', 'symbols'] as const) {
    if (values[needed] === undefined) throw new UsageError(`--${needed} is missing\n${SWEEP_USAGE}`);
  }
  const request = sweepRequestOf(values, strategy, tuner);
  const workers = workersOf(text('workers'));
  const csv = text('csv');
  checkSweepCsv(csv);
  const outputs = { report: text('report'), csvFolder: text('csv-dir') };
  checkBestReport(outputs, request['walkForward'] !== null);
  const sweep = async ({ data, offer }: OpenMarketData, signal: AbortSignal): Promise<void> => {
    const { DATA_DIR: dataDir } = readConfig();
    const prepared = await prepareSweep(request, { extensions, data }, signal).catch(refuse);
    const started = performance.now();
    const outcome = await lead(prepared, { extensions, listed, workers, dataDir, stored: offer }, signal);
    const elapsedMs = performance.now() - started;
    const { settings } = prepared;
    say(
      values['json'] === true
        ? `${JSON.stringify({ settings, result: outcome.result, elapsedMs })}\n`
        : sweepTables(settings, outcome, elapsedMs, workers),
    );
    if (csv !== null) {
      writeSweepCsv(csv, settings, outcome);
      process.stderr.write(`written: ${csv}\n`);
    }
    for (const path of await writeBestReport(
      outputs,
      prepared,
      outcome.result,
      { extensions, data },
      signal,
    )) {
      process.stderr.write(`written: ${path}\n`);
    }
  };
  await stoppable((signal) => withMarketData(values, signal, (opened) => sweep(opened, signal)));
}

/** The gateway's own, and those on the operator's list that are enabled: the list goes first. */
function entries(): readonly PluginEntry[] {
  const listed = pluginEntries(pluginListFile()).filter(({ enabled }) => enabled !== false);
  const own = [...OWN_STRATEGIES, ...OWN_OPTIMIZERS, ...OWN_TUNERS].map((specifier) => ({
    ...{ specifier, grants: [], required: false },
  }));
  return [...listed, ...own];
}

function understood(args: readonly string[]): OptionValues {
  const options = Object.fromEntries(
    sweepOptionEntries.map(([name, { multiple, type }]) => [
      name,
      { type, multiple: multiple === true, ...(name === 'help' && { short: 'h' }) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n${SWEEP_USAGE}`, {
      cause,
    });
  }
}

const MOST_WORKERS = 256;

function workersOf(text: string | null): number {
  if (text === null) return availableParallelism();
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  const nearest = Math.min(MOST_WORKERS, Math.max(1, Math.round(workers) || 1));
  throw new UsageError(
    `omniquant: --workers is ${JSON.stringify(text)}, and has to be a whole number from 1 to ` +
      `${String(MOST_WORKERS)}: the nearest is ${String(nearest)}`,
  );
}

interface Surroundings {
  readonly extensions: BacktestExtensions;
  readonly listed: readonly PluginEntry[];
  readonly workers: number;
  readonly dataDir: string;
  /** For the threads; undefined for none. */
  readonly stored: StoredBarsOffer | undefined;
}

/** What is printed can be piped somewhere, so that progress goes where errors go. */
async function lead(
  prepared: PreparedSweep,
  { dataDir, listed, stored, workers }: Surroundings,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const { BACKTEST_HEAP_MB: megabytes, BACKTEST_TIMEOUT_MS: deadlineMs } = readConfig();
  const threads = openSweepThreads({
    ...{ settings: prepared.settings, dataDir, stored, megabytes, deadlineMs, threads: workers },
    plugins: await pluginsOf(prepared, listed),
    logger: createLogger({ level: 'silent', instanceId: 'sweep' }),
  });
  const line = createProgressLine(process.stderr);
  try {
    return await runSweep(prepared, {
      ...{ workers, signal, evaluate: threads.evaluate },
      onProgress({ elapsedMs, expected, remainingMs, settled }) {
        const progress = expected === null ? 0 : Math.min(1, settled / Math.max(1, expected));
        line.show({ progress, at: null, elapsedMs, remainingMs });
      },
    });
  } finally {
    line.clear();
    await threads.close();
  }
}

/** Those that a thread needs: who has the strategy, and optimizers where it may use them. */
async function pluginsOf(
  { strategy }: PreparedSweep,
  listed: readonly PluginEntry[],
): Promise<readonly PluginEntry[]> {
  const needed: PluginEntry[] = [];
  let isFound = false;
  for (const entry of listed) {
    const plugin = await loadPlugin(entry).catch(() => null);
    if (plugin === null) continue;
    const has = plugin.extensions.some(({ id, kind }) => kind === 'strategy' && id === strategy.id);
    const lends = plugin.extensions.some(({ kind }) => kind === 'optimizer') && strategy.uses !== undefined;
    if (has && !isFound) needed.unshift(entry);
    else if (lends) needed.push(entry);
    isFound ||= has;
  }
  return needed;
}

/** What is wrong with a setting, in the words of the command line. */
function refuse(error: unknown): never {
  if (!(error instanceof BacktestError) || error.field === null) throw error;
  const { field, message } = error;
  const option = sweepOptionOf(field);
  const text = message.startsWith(field)
    ? `${option}${message.slice(field.length)}`
    : `${option}: ${message}`;
  throw new UsageError(`omniquant: ${text}`, { cause: error });
}
