import { inspect } from 'node:util';

import { type Logger, pino } from 'pino';

import { parseTraceparent } from './trace-context.ts';

export type { Logger };

const REDACTED = '[secret]';
const SECRET_KEY = /password|secret|token|authorization|api-?key|cookie|credential|private/i;

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly instanceId: string;
  /** Where lines go; standard output by default. */
  readonly destination?: { write(line: string): void };
}

/**
 * JSON lines. Fields whose name sounds like a secret are blanked at any depth: the library's own
 * redaction reaches one level only.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { instance: options.instanceId },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, method, level) {
          const [fields, ...rest] = args as unknown as [unknown, ...string[]];
          const shown = level < pino.levels.values['error']! ? withBriefErrors(fields) : fields;
          method.apply(this, [shown, ...rest] as unknown as typeof args);
        },
      },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => withTraceId(blank(fields, 0) as Record<string, unknown>),
      },
    },
    options.destination ?? pino.destination({ sync: true }),
  );
}

/** What will be tried again or was put up with needs no stack, unless it is a fault of the program. */
function withBriefErrors(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]: [string, unknown]) => [
      key,
      value instanceof Error ? serializeError(value, !isForeseen(value)) : value,
    ]),
  );
}

/** The engine's own kinds of error: at the root of a failure they mean that the program is wrong. */
const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Somebody gave it a code, and the root of it is no fault of the program. */
function isForeseen(error: Error): boolean {
  const causes: Error[] = [];
  for (let next: unknown = error; next instanceof Error && causes.length < MAX_DEPTH; next = next.cause) {
    causes.push(next);
  }
  const root = causes.at(-1);
  return (
    causes.some((each) => typeof (each as { code?: unknown }).code === 'string') &&
    !FAULTS.some((kind) => root instanceof kind)
  );
}

/** An error with its causes, codes and stack, and nothing else that may hang on it. */
export function serializeError(error: unknown, hasStack = true): unknown {
  if (!(error instanceof Error)) {
    return typeof error === 'string' ? error : inspect(error, { depth: 2 });
  }
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(hasStack ? { stack: error.stack } : {}),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause, hasStack) }),
  };
}

const MAX_DEPTH = 6;

function blank(value: unknown, depth: number): unknown {
  if (value instanceof Error) return serializeError(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => blank(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEY.test(key) ? REDACTED : blank(item, depth + 1),
    ]),
  );
}

function withTraceId(fields: Record<string, unknown>): Record<string, unknown> {
  const context = typeof fields['traceparent'] === 'string' ? parseTraceparent(fields['traceparent']) : null;
  return context === null ? fields : { ...fields, traceId: context.traceId };
}
