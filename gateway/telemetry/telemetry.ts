import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** The runtime's view of traces, metrics and logs over the gateway's libraries. */
export function createTelemetry(tracing: Tracing, metrics: Metrics, logger: Logger): Telemetry {
  return {
    span: (name, parent, attributes) => tracing.span(name, parent, attributes),
    count: (name, labels, by) => {
      metrics.count(name, labels, by);
    },
    observe: (name, value, labels, traceparent) => {
      metrics.observe(name, value, labels, traceparent);
    },
    gauge: (name, value, labels) => {
      metrics.gauge(name, value, labels);
    },
    log: (level, message, fields) => {
      logger[level](fields ?? {}, message);
    },
  };
}
