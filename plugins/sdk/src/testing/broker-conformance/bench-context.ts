import type { Context, Logger, Permission } from '../../context.ts';
import { memoryStorage } from './memory-storage.ts';

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export interface BenchContext {
  readonly ctx: Context<Permission>;
  readonly logs: readonly LogLine[];
  /** Of `ctx.signal`. */
  readonly life: AbortController;
}

/** What a gateway lends a broker, with its log lines kept. */
export function benchContext(secrets: Readonly<Record<string, string>>, now: () => number): BenchContext {
  const logs: LogLine[] = [];
  const life = new AbortController();
  const write =
    (level: keyof Logger): Logger['info'] =>
    (message, fields) =>
      void logs.push({ level, message, fields });
  const log: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const ctx: Context<Permission> = {
    log,
    signal: life.signal,
    now,
    fetch: (input, init) => globalThis.fetch(input, init),
    secret: (name) => {
      const secret = secrets[name];
      return secret === undefined
        ? Promise.reject(
            new Error(`secret ${name} is not set: the fixture's connection has none of that name`),
          )
        : Promise.resolve(secret);
    },
    storage: memoryStorage(),
  };
  return { ctx, logs, life };
}
