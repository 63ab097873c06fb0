import {
  type Extension,
  type ModelArtifact,
  ModelError,
  trainingDataProblem,
  type Tuner,
} from '@omniquant/plugin-sdk';
import { lendOptimizer } from '@omniquant/plugin-sdk/optimizer-lending';
import { Random } from '@omniquant/plugin-sdk/random';

import type {
  AccountReportJob,
  BacktestJob,
  CheckBacktestJob,
  CheckSweepJob,
  ConcludeSweepJob,
  EvaluateSweepJob,
  Job,
  JobResult,
  JobResults,
  PerformanceJob,
  PredictJob,
  ReportJob,
  TrainJob,
  TuneJob,
  TurnSweepJob,
  WeightsJob,
} from './job-protocol.ts';
import { importPlugin } from './serve-strategy.ts';

/** What a job may tell while it is done. */
export interface JobTelling {
  progress(fraction: number): void;
  /** What it can go on from; null where there is nothing. */
  saved(content: Uint8Array | null): void;
  /** Whether that was asked for since the last call. */
  isSaveAsked(): boolean;
}

/** The worker is ended at the deadline: within it nobody gives up earlier. */
const NEVER_ABORTED = new AbortController().signal;

/** Does a job, in this thread. Throws what the plugin throws. */
export function doJob(job: Job, telling: JobTelling): Promise<JobResults[Job['kind']]> {
  switch (job.kind) {
    case 'weights':
      return weigh(job);
    case 'train':
      return train(job, telling);
    case 'predict':
      return predict(job);
    case 'tune':
      return tune(job);
    case 'backtest':
      return backtest(job, telling);
    case 'check-backtest':
      return checkBacktest(job);
    case 'evaluate-sweep':
      return evaluateSweep(job, telling);
    case 'check-sweep':
    case 'turn-sweep':
    case 'conclude-sweep':
      return sweep(job);
    case 'report':
      return report(job);
    case 'performance':
      return measure(job);
    case 'account-report':
      return accountReport(job);
  }
}

async function find<K extends Extension['kind']>(
  kind: K,
  { id, specifier }: Pick<Job, 'id' | 'specifier'>,
): Promise<Extract<Extension, { kind: K }>> {
  const { extensions } = await importPlugin(specifier);
  const found = extensions.find((extension) => extension.kind === kind && extension.id === id);
  if (found === undefined) throw new Error(`${specifier} has no ${kind} ${id}`);
  return found as unknown as Extract<Extension, { kind: K }>;
}

/** Its code is loaded by those threads alone that do backtests. */
async function backtest(job: BacktestJob, telling: JobTelling): Promise<JobResult<BacktestJob>> {
  const { runBacktestTask } = await import('../../backtests/jobs/backtest-task.ts');
  return runBacktestTask(job.task, job.saving, telling);
}

async function checkBacktest({ task }: CheckBacktestJob): Promise<JobResult<CheckBacktestJob>> {
  const { checkBacktestTask } = await import('../../backtests/jobs/backtest-task.ts');
  return checkBacktestTask(task);
}

async function evaluateSweep(
  { task }: EvaluateSweepJob,
  telling: JobTelling,
): Promise<JobResult<EvaluateSweepJob>> {
  const { evaluateSweepTask } = await import('../../sweeps/local/evaluate-sweep-task.ts');
  return evaluateSweepTask(task, (fraction) => {
    telling.progress(fraction);
  });
}

async function sweep(
  job: CheckSweepJob | TurnSweepJob | ConcludeSweepJob,
): Promise<JobResult<CheckSweepJob | TurnSweepJob | ConcludeSweepJob>> {
  const tasks = await import('../../sweeps/jobs/sweep-tasks.ts');
  switch (job.kind) {
    case 'check-sweep':
      return tasks.checkSweepTask(job.task);
    case 'turn-sweep':
      return tasks.turnSweepTask(job.task);
    case 'conclude-sweep':
      return tasks.concludeSweepTask(job.task);
  }
}

async function report({ task }: ReportJob): Promise<JobResult<ReportJob>> {
  const { renderReportTask } = await import('../../backtests/jobs/report-task.ts');
  return renderReportTask(task);
}

async function measure({ task }: PerformanceJob): Promise<JobResult<PerformanceJob>> {
  const { performanceTask } = await import('../../account-performance/performance-task.ts');
  return performanceTask(task);
}

async function accountReport({ task }: AccountReportJob): Promise<JobResult<AccountReportJob>> {
  const { accountReportTask } = await import('../../account-performance/performance-task.ts');
  return accountReportTask(task);
}

async function weigh(job: WeightsJob): Promise<JobResult<WeightsJob>> {
  const optimizer = await lendOptimizer(await find('optimizer', job), job.config, NEVER_ABORTED);
  return optimizer.weights(job.request);
}

async function train(job: TrainJob, telling: JobTelling): Promise<JobResult<TrainJob>> {
  const problem = trainingDataProblem(job.data);
  if (problem !== null) throw new ModelError('BAD_INPUT', problem);
  const { config, data, seed } = job;
  const random = Random.fromSeed('training', seed);
  const context = {
    random: () => random.fraction(),
    signal: NEVER_ABORTED,
    progress: (fraction: number) => {
      telling.progress(fraction);
    },
  };
  const artifact: unknown = await (await find('model', job)).train(data, config, context);
  return portable(artifact);
}

/** Bytes as they are, all else as JSON has it: what a host keeps and what it was told are the same. */
function portable(artifact: unknown): ModelArtifact {
  if (artifact instanceof Uint8Array) return artifact;
  const text = JSON.stringify(artifact) as string | undefined;
  if (text === undefined) throw new Error('train answered nothing: an artifact is JSON or bytes');
  return JSON.parse(text) as ModelArtifact;
}

async function predict(job: PredictJob): Promise<JobResult<PredictJob>> {
  const model = await (await find('model', job)).load(job.artifact, job.config);
  const { names, steps } = model.features;
  const width = names.length * steps;
  return job.samples.map((sample, index) => {
    if (sample.length !== width || !sample.every(Number.isFinite)) {
      throw new ModelError(
        'BAD_INPUT',
        `samples[${String(index)}] is not of ${String(width)} finite numbers`,
      );
    }
    const outputs = model.predict(sample);
    if (outputs.length === model.outputs.length && outputs.every(Number.isFinite)) return [...outputs];
    throw new Error(`predict answered ${JSON.stringify(outputs)} to samples[${String(index)}]`);
  });
}

async function tune(job: TuneJob): Promise<JobResult<TuneJob>> {
  const { config, saved, seed, space, told } = job;
  const definition = await find('tuner', job);
  const random = saved === null ? Random.fromSeed('tuning', seed) : new Random(saved.random);
  const context = { random: () => random.fraction() };
  const tuner: Tuner = definition.create(space, config, context);
  if (saved !== null) {
    tuner.restore(saved.tuner);
    // Whatever it drew to be made anew was drawn before.
    random.setState(saved.random);
  }
  for (const { id, score } of told) tuner.tell(id, score);
  const candidates = job.ask === 0 ? [] : tuner.ask(job.ask);
  if (candidates.length > job.ask) {
    throw new Error(`it was asked for ${String(job.ask)} candidates and gave ${String(candidates.length)}`);
  }
  return { candidates, saved: { tuner: tuner.snapshot(), random: random.state() } };
}
