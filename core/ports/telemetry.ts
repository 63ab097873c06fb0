export interface Span {
  /** W3C traceparent of this span, to be journaled and handed on. */
  readonly traceparent: string;
  set(attributes: Readonly<Record<string, string | number | boolean>>): void;
  fail(error: unknown): void;
  end(): void;
}

/** Traces and metrics as the runtime sees them; the gateway has OpenTelemetry and prom-client behind it. */
export interface Telemetry {
  /** Starts a span under the given parent (a new trace without one). */
  span(
    name: string,
    parent: string | null,
    attributes?: Readonly<Record<string, string | number | boolean>>,
  ): Span;
  /** Adds to a counter. */
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** Observes a value, e.g. seconds, in a histogram; the trace becomes its exemplar. */
  observe(
    name: string,
    value: number,
    labels?: Readonly<Record<string, string>>,
    traceparent?: string | null,
  ): void;
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
  readonly log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
}
