import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { within } from '../support/gateway/until.ts';
import { processesBelow, type RunningProcess } from '../support/processes.ts';
import { type Banner, isWhole, readBanner } from './banner.ts';

const READY_MS = 120_000;
const STOP_MS = 60_000;

export interface StartedByNpm {
  readonly banner: Banner;
  /** From the command to the whole banner. */
  readonly readySeconds: number;
  /** The processes below npm: the gateway and whatever it started. */
  processes(): readonly RunningProcess[];
  /**
   * `SIGINT` reaches the whole process group, as Ctrl-C in a terminal does; `SIGTERM` npm alone, as a
   * supervisor sends it. Resolves with the exit code, null after a death by signal.
   */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
  /** Kills npm and all that is below it, for a test that has failed. */
  kill(): void;
  /** What the process has printed. */
  output(): string;
}

/** Starts the gateway with the command of the README, in a process group of its own. */
export async function npmStart(
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<StartedByNpm> {
  const started = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...process.env, ...settings },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pid = child.pid;
  if (pid === undefined) throw new Error('npm is not on the PATH');
  const kill = (): void => {
    for (const { pid: below } of [...processesBelow(pid), { pid }]) killQuietly(below);
  };
  const output = (): string => lines.join('\n');

  try {
    const banner = await bannerOf(child, lines, exited);
    return {
      banner,
      readySeconds: (performance.now() - started) / 1_000,
      processes: () => processesBelow(pid),
      async stop(signal) {
        process.kill(signal === 'SIGINT' ? -pid : pid, signal);
        return await within(`the exit after ${signal}`, exited, STOP_MS);
      },
      kill,
      output,
    };
  } catch (cause) {
    kill();
    throw new Error(`npm start did not become ready. It printed:\n${output()}`, { cause });
  }
}

async function bannerOf(
  child: ChildProcess,
  lines: string[],
  exited: Promise<number | null>,
): Promise<Banner> {
  const whole = new Promise<Banner>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (isWhole(lines)) resolve(readBanner(lines));
      });
    }
  });
  const died = exited.then((code) => Promise.reject(new Error(`it ended with code ${String(code)}`)));
  return await within('the banner', Promise.race([whole, died]), READY_MS);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
