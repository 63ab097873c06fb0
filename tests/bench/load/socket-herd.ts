import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a herd is told to do, by its parent. */
export interface HerdTask {
  readonly url: string;
  readonly protocol: string | null;
  /** Sent by each socket when it opens, and when the first answer to that has come. By socket. */
  readonly greetings: readonly (readonly [hello: string, then: string] | null)[];
}

/** What a herd has received since it was asked the last time. */
export interface HerdCount {
  readonly messages: number;
  /** When the last one came, as `instant` tells it. */
  readonly lastAt: number;
  /** Whether every socket got just as many as it was to get. */
  readonly isEven: boolean;
  /** What the first socket got. */
  readonly sample: readonly string[];
}

/** Time in ms that all processes of a machine agree on, and that does not jump. */
export const instant = (): number => performance.timeOrigin + performance.now();

/** Many sockets in a process of their own that count what they receive. */
export interface SocketHerd {
  /** Resolves when each socket has got so many, or when nothing has come for a long while. */
  count(each: number): Promise<HerdCount>;
  close(): Promise<void>;
}

/** Resolves when all sockets are open and greeted. */
export async function startHerd(task: HerdTask): Promise<SocketHerd> {
  const child: ChildProcess = fork(new URL('./socket-herd-process.ts', import.meta.url));
  const died = once(child, 'exit').then(() => Promise.reject(new Error('a socket failed')));
  died.catch(() => undefined);
  const next = async <T>(): Promise<T> => {
    const [message] = (await Promise.race([once(child, 'message'), died])) as [T];
    return message;
  };
  child.send(task);
  await next();
  return {
    async count(each) {
      child.send(each);
      return await next<HerdCount>();
    },
    async close() {
      child.kill();
      await died.catch(() => undefined);
    },
  };
}
