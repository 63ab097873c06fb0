/** What a case found; the list of cases gives it its number. */
export class Finding extends Error {}

/** A case that does not concern a broker, and why. */
export class Skipped extends Error {}

const STEP_MS = 4;

/** How long the kit waits for what has to happen: a limit for what never does, and no measure of speed. */
export class Patience {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** The promise's value. Throws a Finding when it does not come. */
  async wait<T>(what: string, promise: Promise<T>, ms = this.ms): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Finding(`${what} did not come to an end within ${String(ms)} ms`));
      }, ms);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws a Finding when the condition does not come true. */
  async until(what: string, condition: () => boolean | Promise<boolean>, ms = this.ms): Promise<void> {
    const end = performance.now() + ms;
    while (!(await condition())) {
      if (performance.now() > end) throw new Finding(`waited ${String(ms)} ms in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }

  /** A little while, in which something that must not happen had time to. */
  async linger(ms = 60): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/** Throws a Finding unless it holds. */
export function expectThat(holds: boolean, otherwise: string | (() => string)): asserts holds {
  if (!holds) throw new Finding(typeof otherwise === 'string' ? otherwise : otherwise());
}
