import type { Span, Telemetry } from '../../core/ports/telemetry.ts';
import { RUNTIME_METRICS } from '../../core/runtime/metrics.ts';

export interface RecordedSpan {
  readonly name: string;
  readonly parent: string | null;
  readonly traceparent: string;
  readonly attributes: Record<string, unknown>;
  isEnded: boolean;
}

export interface RecordedLog {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

/** Writes down all that it is told; throws for a metric that is not declared. */
export function recordingTelemetry(logs: RecordedLog[], spans: RecordedSpan[]): Telemetry {
  let made = 0;
  const check = (name: string): void => {
    if (!(name in RUNTIME_METRICS)) {
      throw new Error(`metric ${name} is not in RUNTIME_METRICS`);
    }
  };
  return {
    span(name, parent, attributes = {}): Span {
      made += 1;
      const trace = parent?.split('-')[1] ?? String(made).padStart(32, '0');
      const span: RecordedSpan = {
        name,
        parent,
        traceparent: `00-${trace}-${String(made).padStart(16, '0')}-01`,
        attributes: { ...attributes },
        isEnded: false,
      };
      spans.push(span);
      return {
        traceparent: span.traceparent,
        set: (more) => void Object.assign(span.attributes, more),
        fail: () => undefined,
        end: () => void (span.isEnded = true),
      };
    },
    count: check,
    observe: check,
    gauge: check,
    log: (level, message, fields) => void logs.push({ level, message, fields }),
  };
}
