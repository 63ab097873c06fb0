import type { Clock } from '../../core/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Goes on by `ms`, running what falls due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Lets promises settle without time going on. */
  settle(): Promise<void>;
  /** Wall time jumps; monotonic time and timers do not notice. */
  jump(ms: number): void;
  readonly pendingTimers: number;
}

interface Task {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

const START = Date.UTC(2024, 0, 2, 15, 0, 0);

/** Immediates of one round of the event loop, which asks the operating system for events between rounds. */
const TURNS_A_ROUND = 32;

/** Resolves after every promise that can go on by itself has done so. */
const turn = createTurns();

function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let scheduled = 0;
  const next = (): void => {
    scheduled -= 1;
    waiting.shift()?.();
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (scheduled >= waiting.length) return;
      for (; scheduled < TURNS_A_ROUND; scheduled += 1) setImmediate(next);
    });
}

/**
 * Time that goes on only when it is told to. Tasks of one instant run in the order they were set. Where
 * real work is waited for (a database), `isIdle` resolves once none is under way.
 */
export function createVirtualClock(start = START, isIdle?: () => Promise<void>): VirtualClock {
  let elapsed = 0;
  let skew = 0;
  let order = 0;
  const tasks = new Set<Task>();

  function nextDue(until: number): Task | null {
    let first: Task | null = null;
    for (const task of tasks) {
      if (
        task.due <= until &&
        (first === null || task.due < first.due || (task.due === first.due && task.order < first.order))
      ) {
        first = task;
      }
    }
    return first;
  }

  const settle =
    isIdle === undefined
      ? turn
      : async (): Promise<void> => {
          await turn();
          await isIdle();
        };

  return {
    // As Date.now() has it: in whole ms.
    now: () => Math.floor(start + elapsed + skew),
    monotonic: () => elapsed,
    after(ms, run) {
      const task: Task = { due: elapsed + Math.max(0, ms), order: order++, run };
      tasks.add(task);
      return { cancel: () => void tasks.delete(task) };
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settle();
      for (let task = nextDue(until); task !== null; task = nextDue(until)) {
        tasks.delete(task);
        elapsed = Math.max(elapsed, task.due);
        task.run();
        await settle();
      }
      elapsed = until;
    },
    settle,
    jump: (ms) => void (skew += ms),
    get pendingTimers() {
      return tasks.size;
    },
  };
}
