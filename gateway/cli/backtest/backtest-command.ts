import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { BacktestExtensions } from '../../backtests/backtest-extensions.ts';
import type { MarketDataSource } from '../../backtests/market-data/market-data-source.ts';
import { prepareBacktest } from '../../backtests/prepare-backtest.ts';
import { runBacktest } from '../../backtests/run-backtest.ts';
import { stoppable } from '../stop-signal.ts';
import { askedBacktest, refuseSetting } from './asked-backtest.ts';
import { BACKTEST_USAGE, backtestHelp } from './backtest-usage.ts';
import { biasCommand, isBiasCommand } from './bias-command.ts';
import { createProgressLine } from './progress-line.ts';
import type { OptionValues } from './request-of.ts';
import { summaryTable } from './summary-table.ts';
import { withMarketData } from './with-market-data.ts';
import { checkOutputs, writeOutputs } from './write-outputs.ts';

const say = (text: string): boolean => process.stdout.write(text);

/**
 * `omniquant backtest …`: runs a strategy in this process. Throws UsageError for what no backtest can be made of, naming
 * the option, and rejects when the run fails or is stopped.
 */
export async function backtestCommand(args: readonly string[]): Promise<void> {
  const [name = '', ...others] = args;
  if (isBiasCommand(name)) {
    await biasCommand(name, others);
    return;
  }
  const asked = await askedBacktest(args, BACKTEST_USAGE);
  const { extensions, strategy, values } = asked;
  if (values['help'] === true) {
    say(backtestHelp(extensions, strategy));
    return;
  }
  const request = asked.request();
  await stoppable((signal) =>
    withMarketData(values, signal, ({ data }) => run(request, values, { extensions, data }, signal)),
  );
}

async function run(
  request: Readonly<Record<string, unknown>>,
  values: OptionValues,
  surroundings: { readonly extensions: BacktestExtensions; readonly data: MarketDataSource },
  signal: AbortSignal,
): Promise<void> {
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  const outputs = { report: text('report'), csvFolder: text('csv-dir') };
  checkOutputs(outputs);
  const prepared = await prepareBacktest(request, surroundings, signal).catch(refuseSetting);
  const startedAt = performance.now();
  const result = await lead(prepared, signal);
  const elapsedMs = performance.now() - startedAt;
  say(values['json'] === true ? `${JSON.stringify(result)}\n` : summaryTable(result, elapsedMs));
  for (const path of await writeOutputs(outputs, result, prepared, signal)) {
    process.stderr.write(`written: ${path}\n`);
  }
  const { failure } = result;
  if (failure === null) return;
  throw new Error(`${failure.code} at ${new Date(failure.at).toISOString()}: ${failure.message}`);
}

/** What is printed can be piped somewhere, so that progress goes where errors go. */
async function lead(
  prepared: Awaited<ReturnType<typeof prepareBacktest>>,
  signal: AbortSignal,
): Promise<BacktestResult> {
  const line = createProgressLine(process.stderr);
  try {
    return await runBacktest(prepared, {
      signal,
      onProgress: (progress) => {
        line.show(progress);
      },
    });
  } catch (error) {
    return refuseSetting(error);
  } finally {
    line.clear();
  }
}
