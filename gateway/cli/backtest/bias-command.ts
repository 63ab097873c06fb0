import { usualLengths } from '../../../core/backtest/bias/warm-up.ts';
import { type AskedRun, findLookAhead, findWarmUp } from '../../backtests/bias-analysis.ts';
import { stoppable } from '../stop-signal.ts';
import { UsageError } from '../usage-error.ts';
import { askedBacktest, refuseSetting } from './asked-backtest.ts';
import { lookAheadTable, warmUpTable } from './bias-tables.ts';
import { createProgressLine } from './progress-line.ts';
import { withMarketData } from './with-market-data.ts';

type BiasCommand = 'look-ahead' | 'warm-up';

const MORE = {
  'look-ahead': { points: { type: 'string' } },
  'warm-up': { lengths: { type: 'string' } },
} as const;

const USAGES: Readonly<Record<BiasCommand, string>> = {
  'look-ahead':
    'usage: omniquant backtest look-ahead --strategy sma-cross --symbols AAPL [--points 8] [--json]\n' +
    '  runs it on data that ends earlier, --points times, and once more in whole: whatever differs was not known then\n',
  'warm-up':
    'usage: omniquant backtest warm-up --strategy sma-cross --symbols AAPL [--lengths 30,60,120] [--json]\n' +
    '  runs it with warm-ups of several lengths (by default half of its own, up to eight times), from one instant on\n',
};
const OTHERS =
  'All other options are those of omniquant backtest --help. The exit code is 1 where bias was found.\n';

const USUAL_POINTS = 8;
const MOST_POINTS = 200;

export const isBiasCommand = (name: string): name is BiasCommand => Object.hasOwn(USAGES, name);

/**
 * `omniquant backtest look-ahead|warm-up …`: examines a strategy for bias. Rejects when bias was found, so that the exit
 * code says so; throws UsageError for what no backtest can be made of.
 */
export async function biasCommand(command: BiasCommand, args: readonly string[]): Promise<void> {
  const usage = `${USAGES[command]}${OTHERS}`;
  const asked = await askedBacktest(args, usage, MORE[command]);
  if (asked.values['help'] === true) {
    process.stdout.write(usage);
    return;
  }
  const { extensions, values } = asked;
  const request = asked.request();
  const isJson = values['json'] === true;
  const found = await stoppable((signal) =>
    withMarketData(values, signal, ({ data }) =>
      withProgress((onProgress) => {
        const run: AskedRun = { request, surroundings: { extensions, data }, signal, onProgress };
        return command === 'look-ahead'
          ? lookAhead(run, numberOf(values['points']), isJson)
          : warmUp(run, lengthsOf(values['lengths']), isJson);
      }),
    ),
  );
  if (found) throw new Error(`${command}: bias was found`);
}

async function lookAhead(run: AskedRun, points: number, isJson: boolean): Promise<boolean> {
  const report = await findLookAhead(run, points);
  process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : lookAheadTable(report));
  return report.hasBias;
}

async function warmUp(run: AskedRun, lengths: readonly number[] | null, isJson: boolean): Promise<boolean> {
  const report = await findWarmUp(run, lengths ?? usualLengths);
  process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : warmUpTable(report));
  return report.hasBias;
}

async function withProgress<T>(
  work: (onProgress: NonNullable<AskedRun['onProgress']>) => Promise<T>,
): Promise<T> {
  const line = createProgressLine(process.stderr);
  try {
    return await work((progress) => {
      line.show(progress);
    });
  } catch (error) {
    return refuseSetting(error);
  } finally {
    line.clear();
  }
}

function numberOf(text: unknown): number {
  if (text === undefined) return USUAL_POINTS;
  const points = Number(text);
  if (Number.isSafeInteger(points) && points >= 1 && points <= MOST_POINTS) return points;
  throw new UsageError(`omniquant: --points has to be a whole number from 1 to ${String(MOST_POINTS)}`);
}

function lengthsOf(text: unknown): readonly number[] | null {
  if (typeof text !== 'string') return null;
  const lengths = [...new Set(text.split(',').map(Number))].sort((a, b) => a - b);
  if (lengths.length >= 2 && lengths.every((bars) => Number.isSafeInteger(bars) && bars >= 0)) return lengths;
  throw new UsageError('omniquant: --lengths has to be at least two numbers of bars, such as 30,60,120');
}
