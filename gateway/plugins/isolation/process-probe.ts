import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** What a process could do on this host; see sandbox-support.ts. */
export interface ProbeResult {
  /** A server on the loopback of the gateway was reached. */
  readonly tcp: boolean;
  /** A Unix socket of the gateway was reached. */
  readonly socket: boolean;
  /** The gateway is a process that a signal could be sent to. */
  readonly parent: boolean;
  /** Data segment of a process that has loaded nothing but this, bytes; null where the host does not tell. */
  readonly data: number | null;
}

const WAIT_MS = 1_000;

/** Without namespaces the parent is the gateway or what started it; within, there is none. */
const NO_PARENT = 0;

export async function runProbe({ port, socket }: { port: number; socket: string }): Promise<ProbeResult> {
  return {
    tcp: await isReached({ port, host: '127.0.0.1' }),
    socket: await isReached({ path: socket }),
    parent: process.ppid !== NO_PARENT,
    data: dataSegment(),
  };
}

function isReached(to: { port: number; host: string } | { path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(to);
    const say = (reached: boolean) => (): void => {
      attempt.destroy();
      resolve(reached);
    };
    attempt.setTimeout(WAIT_MS, say(false)).on('connect', say(true)).on('error', say(false));
  });
}

function dataSegment(): number | null {
  try {
    const kilobytes = /^VmData:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
  } catch {
    return null;
  }
}
