import type { Span } from '../../core/ports/telemetry.ts';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from './trace-context.ts';

type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Tracing {
  /** A span under a parent's traceparent; a new trace without one. */
  span(name: string, parent: string | null, attributes?: Attributes): Span;
  /** Sends what is still held, for at most a few seconds. */
  close(): Promise<void>;
}

/** Without an exporter: ids are made and handed on, nothing is recorded. */
export function createIdOnlyTracing(): Tracing {
  const nothing = (): void => undefined;
  return {
    span(_name, parent) {
      const context = parseTraceparent(parent);
      const traceparent = formatTraceparent({
        traceId: context?.traceId ?? newTraceId(),
        spanId: newSpanId(),
        sampled: context?.sampled ?? false,
      });
      return { traceparent, set: nothing, fail: nothing, end: nothing };
    },
    close: () => Promise.resolve(),
  };
}
