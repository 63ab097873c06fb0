import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../plugins/broker-simulated/src/main.ts', import.meta.url));
const HOOKS = new URL('../../../hooks.mjs', import.meta.url).href;

/** A venue in a process of its own. */
export class VenueProcess {
  readonly url: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  /** Starts one and waits until it listens; throws what it wrote to stderr if it does not. */
  static async start(...args: readonly string[]): Promise<VenueProcess> {
    const flags = [
      '--conditions=omniquant:source',
      '--import',
      HOOKS,
      '--disable-warning=ExperimentalWarning',
    ];
    const child = spawn(process.execPath, [...flags, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (!output.includes('\n')) return;
        const { url } = JSON.parse(output) as { url: string };
        resolve(new VenueProcess(child, url));
      });
      // 'close' comes when all output has been read.
      child.once('close', () => {
        reject(new Error(errors));
      });
    });
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** Ends it with a signal and waits for its end; returns the exit code, null after a kill. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
    return this.child.exitCode;
  }
}
