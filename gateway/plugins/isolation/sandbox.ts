import type { StrategyUses } from '@omniquant/plugin-sdk';
import type { z } from 'zod';

import type { CheckedParameters } from '../../../core/ports/plugin-catalog.ts';
import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { CheckedStrategy } from '../strategy-parameters.ts';
import { checkedParameters, checkedStrategy, describedPlugin, strategyUses } from './process-messages.ts';
import type { ProcessJob } from './process-protocol.ts';
import type { DescribedPlugin, OptimizerQuestion, StrategyQuestion } from './read-plugin.ts';
import { readablePaths } from './readable-paths.ts';
import { runSandboxJob } from './run-sandbox-job.ts';
import { type SandboxCommand, sandboxCommand } from './sandbox-command.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { measureSandbox, type SandboxSupport } from './sandbox-support.ts';
import type { StrategyAssignment } from './strategy-protocol.ts';

export interface SandboxOptions {
  /** `required`: without namespaces nothing is run. `preferred`: with what the host has. */
  readonly namespaces: 'required' | 'preferred';
  /** Heap of one process, MB. */
  readonly heapMegabytes: number;
  /** Memory outside the heap, such as Buffers, of one process, MB; held by Linux alone. */
  readonly externalMegabytes: number;
  readonly logger: Logger;
  /** What the host enforces; measured at the first use when left out. */
  readonly measure?: (logger: Logger) => Promise<SandboxSupport>;
}

/**
 * Runs code that nobody vouches for, each job in a process of its own, which can neither read, write, connect
 * nor start anything. All of it rejects with HostedStrategyError; STRATEGY_SANDBOX_UNAVAILABLE when this host
 * cannot enforce what the settings ask for.
 */
export interface Sandbox {
  support(): Promise<SandboxSupport>;
  describe(specifier: string): Promise<DescribedPlugin>;
  /** Never rejects: what keeps parameters from being checked is a problem of theirs. */
  checkStrategy(question: StrategyQuestion): Promise<CheckedStrategy>;
  checkOptimizer(question: OptimizerQuestion): Promise<CheckedParameters>;
  /** Of parameters that have passed. */
  uses(question: StrategyQuestion): Promise<StrategyUses>;
  /** Its process can read the packages of the strategy and of the optimizers, and no others. */
  serve(assignment: StrategyAssignment, logger: Logger): Promise<SandboxProcess>;
}

const MEGABYTE = 1_048_576;
/** Of a plugin's code, its types stripped, and of threads that start late. */
const SLACK_MEGABYTES = 96;
const JOB_TIMEOUT_MS = 10_000;
/** Checks of parameters at the same time: anybody who may start a strategy asks for them. */
const MOST_CHECKS = 4;

export function createSandbox(options: SandboxOptions): Sandbox {
  const { externalMegabytes, heapMegabytes, logger, measure = measureSandbox, namespaces } = options;
  let measured: Promise<SandboxSupport> | null = null;
  let checks = 0;

  function support(): Promise<SandboxSupport> {
    measured ??= measure(logger).then(
      (found) => {
        const { level, reason } = found;
        const severity = level === 'namespaces' ? 'info' : 'warn';
        logger[severity]({ isolation: level, reason }, 'what sandboxed plugins are held by');
        return found;
      },
      (error: unknown) => {
        // A host that was too busy to answer is asked again.
        measured = null;
        throw error;
      },
    );
    return measured;
  }

  async function command(specifiers: readonly string[]): Promise<SandboxCommand> {
    const { baseBytes, level, reason } = await support();
    if (level !== 'namespaces' && namespaces === 'required') {
      throw new HostedStrategyError(
        'STRATEGY_SANDBOX_UNAVAILABLE',
        `this host gives no namespaces (${reason ?? 'no reason is known'}), so that the network cannot be denied: ` +
          'allow user namespaces, or set STRATEGY_NAMESPACES=preferred where the network is denied from outside ' +
          '(docs/PLUGIN-ISOLATION.md)',
        { isHopeless: true },
      );
    }
    const allowed = (heapMegabytes + externalMegabytes + SLACK_MEGABYTES) * MEGABYTE;
    const dataBytes = baseBytes === null ? null : baseBytes + allowed;
    return sandboxCommand({ level, readable: readablePaths(specifiers), heapMegabytes, dataBytes });
  }

  const run = async (job: Exclude<ProcessJob, { kind: 'serve' | 'probe' }>): Promise<unknown> =>
    runSandboxJob({ command: await command([job.specifier]), job, logger, timeoutMs: JOB_TIMEOUT_MS });

  async function check<T>(
    job: Extract<ProcessJob, { kind: 'checkStrategy' | 'checkOptimizer' }>,
    form: z.ZodType<T>,
  ): Promise<T | Refusal> {
    if (checks >= MOST_CHECKS) return refusal('cannot be checked now, others are: try again');
    checks += 1;
    try {
      const parsed = form.safeParse(await run(job));
      return parsed.success ? parsed.data : refusal(`cannot be checked: ${wrongIn(parsed.error)}`);
    } catch (error) {
      return refusal(`cannot be checked: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      checks -= 1;
    }
  }

  return {
    support,
    async describe(specifier) {
      return takenAs(describedPlugin, 'what it declares', await run({ kind: 'describe', specifier }));
    },
    checkStrategy: (question) => check({ ...question, kind: 'checkStrategy' }, checkedStrategy),
    checkOptimizer: (question) => check({ ...question, kind: 'checkOptimizer' }, checkedParameters),
    async uses(question) {
      return takenAs(strategyUses, 'what it uses', await run({ ...question, kind: 'uses' }));
    },
    async serve(assignment, log) {
      const { optimizers, specifier } = assignment;
      const specifiers = [specifier, ...optimizers.map((optimizer) => optimizer.specifier)];
      return startSandboxProcess(await command(specifiers), { kind: 'serve', assignment }, log);
    },
  };
}

type Refusal = Extract<CheckedParameters, { problems: unknown }>;

const refusal = (message: string): Refusal => ({ problems: [{ field: '', message }] });

function takenAs<T>(form: z.ZodType<T>, what: string, value: unknown): T {
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HostedStrategyError('STRATEGY_BROKE_PROTOCOL', `${what} is wrong: ${wrongIn(parsed.error)}`);
}

/** Of several forms that it has none of, what is wrong deepest inside. */
function wrongIn({ issues }: z.ZodError): string {
  const all = issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue]));
  const [deepest] = all.toSorted((one, other) => other.path.length - one.path.length);
  return `${deepest?.path.join('.') ?? ''} ${deepest?.message ?? 'nonsense'}`.trim();
}
