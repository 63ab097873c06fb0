import type { Writable } from 'node:stream';

/** Holds back what is written to a transport until the event loop's turn is over: many frames, one system call. */
export interface WriteBatch {
  hold(transport: Writable): void;
}

export function createWriteBatch(): WriteBatch {
  let held = new Set<Writable>();

  function flush(): void {
    const transports = held;
    held = new Set();
    for (const transport of transports) transport.uncork();
  }

  return {
    hold(transport) {
      if (held.has(transport)) return;
      if (held.size === 0) setImmediate(flush);
      held.add(transport);
      transport.cork();
    },
  };
}
