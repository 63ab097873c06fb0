import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a herd is told to do, by its parent. */
export interface HerdTask {
  readonly url: string;
  readonly protocol: string | null;
  /** Sent by each socket when it opens, and when the first answer to that has come. By socket. */
  readonly greetings: readonly (readonly [hello: string, then: string] | null)[];
}

/** What a herd has received since it was asked the last time. Times are those of its own clock, ms. */
export interface HerdCount {
  readonly messages: number;
  readonly seconds: number;
  /** Whether all sockets got equally many. */
  readonly even: boolean;
  /** What the first socket got. */
  readonly sample: readonly string[];
}

/** Many sockets in a process of their own that count what they receive. */
export interface SocketHerd {
  /** Resolves when nothing has come for a while. */
  count(): Promise<HerdCount>;
  close(): Promise<void>;
}

/** Resolves when all sockets are open and greeted. */
export async function startHerd(task: HerdTask): Promise<SocketHerd> {
  const child: ChildProcess = fork(new URL('./socket-herd-process.ts', import.meta.url));
  const next = async <T>(): Promise<T> => {
    const died = once(child, 'exit').then(() => Promise.reject(new Error('the sockets could not be opened')));
    died.catch(() => undefined);
    const [message] = (await Promise.race([once(child, 'message'), died])) as [T];
    return message;
  };
  child.send(task);
  await next();
  return {
    async count() {
      child.send('count');
      return await next<HerdCount>();
    },
    async close() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
