import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { ProcessJob } from './process-protocol.ts';
import type { SandboxCommand } from './sandbox-command.ts';
import { startSandboxProcess } from './sandbox-process.ts';

export interface SandboxJobOptions {
  readonly command: SandboxCommand;
  /** One that ends with a result. */
  readonly job: Exclude<ProcessJob, { kind: 'serve' }>;
  readonly logger: Logger;
  readonly timeoutMs: number;
}

/** What comes of the job, unchecked. Rejects with HostedStrategyError; its process is gone in any case. */
export async function runSandboxJob({
  command,
  job,
  logger,
  timeoutMs,
}: SandboxJobOptions): Promise<unknown> {
  const sandboxed = startSandboxProcess(command, job, logger);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new HostedStrategyError('STRATEGY_BLOCKED', `no answer within ${String(timeoutMs)} ms`));
      }, timeoutMs);
      sandboxed.onEnd(reject);
      sandboxed.onMessage((message) => {
        if (message.kind === 'result') resolve(message.value);
        else if (message.kind === 'failed') {
          reject(new HostedStrategyError(message.failure.code, message.failure.message));
        } else reject(new HostedStrategyError('STRATEGY_BROKE_PROTOCOL', `${message.kind} is no result`));
      });
    });
  } finally {
    clearTimeout(timer);
    await sandboxed.kill();
  }
}
