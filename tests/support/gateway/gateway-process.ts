import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Failpoint } from '../../../core/ports/failpoints.ts';
import { type DemoNote, readDemoNote } from '../../../gateway/demo/demo-note.ts';
import { within } from './until.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FLAGS = [
  '--conditions=omniquant:source',
  '--import',
  './hooks.mjs',
  '--enable-source-maps',
  '--disable-warning=ExperimentalWarning',
];
const START_MS = 90_000;
const STOP_MS = 60_000;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that ended before it was ready. */
export class StartFailure extends Error {
  readonly end: ProcessEnd;
  readonly stderr: string;

  constructor(end: ProcessEnd, stderr: string) {
    super(`the gateway ended at its start (${String(end.code ?? end.signal)}): ${stderr}`);
    this.name = 'StartFailure';
    this.end = end;
    this.stderr = stderr;
  }
}

/** A gateway in a process of its own. */
export interface GatewayLife {
  readonly pid: number;
  readonly dataDir: string;
  /** http://host:port */
  readonly address: string;
  readonly ended: Promise<ProcessEnd>;
  readonly isRunning: boolean;
  /** SIGKILL: PostgreSQL and the venue go on. */
  kill9(): Promise<void>;
  /** Asks it to end and waits for that. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<ProcessEnd>;
  stdout(): string;
  stderr(): string;
}

/** One that has made its demo user, on embedded PostgreSQL and a venue in processes of theirs. */
export interface GatewayProcess extends GatewayLife {
  readonly demo: DemoNote;
}

export interface GatewayProcessOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Dies by SIGKILL at the n-th passage. */
  readonly failpoint?: { readonly name: Failpoint; readonly passage: number };
}

/** Starts one and waits for its banner. Throws StartFailure. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const life = await launchGateway(options);
  const demo = readDemoNote(options.dataDir);
  if (demo !== null) return Object.assign(life, { demo });
  await life.kill9();
  throw new Error('the gateway made no demo user');
}

/** As startGatewayProcess, with a demo user or without. */
export async function launchGateway(options: GatewayProcessOptions): Promise<GatewayLife> {
  const { dataDir, failpoint } = options;
  const child = spawn(process.execPath, [...FLAGS, 'gateway/main.ts'], {
    cwd: ROOT,
    env: {
      ...inherited(),
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATA_DIR: dataDir,
      ...(failpoint === undefined ? {} : { FAILPOINT: `${failpoint.name}:${String(failpoint.passage)}` }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<ProcessEnd>((resolve) => {
    // 'close' comes when all output has been read, so that a last line is not missed.
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^ {2}GraphQL +(\S+)\/graphql$/m.exec(output)?.[1];
      if (found !== undefined && isWhole(output)) resolve(found);
    });
  });
  const died = ended.then((end) => Promise.reject(new StartFailure(end, errors)));
  died.catch(() => undefined);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;

  try {
    const readyAt = await within('the banner', Promise.race([address, died]), START_MS);
    return {
      pid: child.pid ?? 0,
      dataDir,
      address: readyAt,
      ended,
      get isRunning() {
        return isRunning();
      },
      async kill9() {
        child.kill('SIGKILL');
        await ended;
      },
      async stop(signal = 'SIGINT') {
        child.kill(signal);
        return await within(`the end after ${signal}`, ended, STOP_MS);
      },
      stdout: () => output,
      stderr: () => errors,
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** With a demo user the banner ends with what to subscribe to. */
const isWhole = (banner: string): boolean =>
  banner.includes('subscription {') || (banner.endsWith('\n') && !banner.includes('  User '));

/** What a process needs of ours, and none of the settings that a developer may have exported. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
