/** Promises that are kept together when something has come about. */
export interface Waiters {
  wait(): Promise<void>;
  tell(): void;
}

export function createWaiters(): Waiters {
  let waiting: (() => void)[] = [];
  return {
    wait: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    tell() {
      if (waiting.length > 0) {
        const told = waiting;
        waiting = [];
        for (const resolve of told) {
          resolve();
        }
      }
    },
  };
}
