import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface BareTask {
  readonly texts: readonly string[];
  /** A socket gets so many in a row, then the next socket does. */
  readonly atATime: number;
}

/** A process that sends texts to all sockets that are open to it, and does nothing else. */
export interface BareSockets {
  readonly url: string;
  /** Resolves when all is handed to the operating system. */
  sendToAll(task: BareTask): Promise<void>;
  close(): Promise<void>;
}

export async function startBareSockets(): Promise<BareSockets> {
  const child = fork(new URL('./bare-sockets-process.ts', import.meta.url), {
    execArgv: [...process.execArgv, '--max-semi-space-size=64'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `ws://127.0.0.1:${String(port)}`,
    async sendToAll(task) {
      child.send(task);
      await once(child, 'message');
    },
    async close() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
