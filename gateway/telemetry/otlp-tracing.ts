import {
  type Context,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import type { Span } from '../../core/ports/telemetry.ts';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';
import type { Tracing } from './tracing.ts';

export interface OtlpTracingOptions {
  readonly endpoint: string;
  /** Share of traces recorded, 0 to 1. */
  readonly ratio: number;
  readonly serviceVersion: string;
  readonly instanceId: string;
  /** In place of OTLP over HTTP, for tests. */
  readonly exporter?: SpanExporter;
}

/**
 * Records spans and sends them over OTLP/HTTP. The queue is larger and emptied more often than the
 * library's default, which loses spans at the rate of a busy order path.
 */
export function createOtlpTracing(options: OtlpTracingOptions): Tracing {
  const exporter = options.exporter ?? new OTLPTraceExporter({ url: tracesUrl(options.endpoint) });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'omniquant-gateway',
      'service.version': options.serviceVersion,
      'service.instance.id': options.instanceId,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: 65_536,
        maxExportBatchSize: 2_048,
        scheduledDelayMillis: 500,
        exportTimeoutMillis: 10_000,
      }),
    ],
  });
  const tracer = provider.getTracer('omniquant');
  return {
    span(name, parent, attributes) {
      const started = tracer.startSpan(
        name,
        attributes === undefined ? {} : { attributes: { ...attributes } },
        parentContext(parent),
      );
      return wrap(started);
    },
    close: () => provider.shutdown(),
  };
}

function tracesUrl(endpoint: string): string {
  return endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint.replace(/\/$/, '')}/v1/traces`;
}

function parentContext(parent: string | null): Context {
  const context = parseTraceparent(parent);
  if (context === null) {
    return ROOT_CONTEXT;
  }
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: context.traceId,
    spanId: context.spanId,
    traceFlags: context.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function wrap(span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }),
    set(attributes) {
      span.setAttributes({ ...attributes });
    },
    fail(error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.message : String(error),
      });
    },
    end() {
      span.end();
    },
  };
}
