import { afterEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';

import { createOtlpTracing } from '../../../../gateway/telemetry/otlp-tracing.ts';
import {
  formatTraceparent,
  newSpanId,
  newTraceId,
  parseTraceparent,
} from '../../../../gateway/telemetry/trace-context.ts';
import { createIdOnlyTracing, type Tracing } from '../../../../gateway/telemetry/tracing.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it('survives a round trip', () => {
    fc.assert(
      fc.property(fc.boolean(), (sampled) => {
        const context = { traceId: newTraceId(), spanId: newSpanId(), sampled };
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
      }),
    );
  });

  it.each([
    '',
    'nonsense',
    `${PARENT}-extra`,
    PARENT.toUpperCase(),
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ])('is refused when it is not one: %s', (header) => {
    expect(parseTraceparent(header)).toBeNull();
  });
});

describe('tracing without a collector', () => {
  it('keeps the trace of the parent and makes a new span', () => {
    const { traceparent } = createIdOnlyTracing().span('order.risk', PARENT);
    expect(parseTraceparent(traceparent)).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
    expect(traceparent).not.toBe(PARENT);
  });

  it('makes a trace where there is none', () => {
    expect(
      parseTraceparent(createIdOnlyTracing().span('graphql placeOrder', null).traceparent),
    ).not.toBeNull();
  });
});

describe('tracing with a collector', () => {
  let tracing: Tracing;
  afterEach(() => tracing.close());

  function open(ratio: number): InMemorySpanExporter {
    const exporter = new InMemorySpanExporter();
    // Shutting down empties the exporter; the test wants to look at what came before.
    exporter.shutdown = () => Promise.resolve();
    tracing = createOtlpTracing({
      endpoint: 'http://127.0.0.1:1',
      ratio,
      serviceVersion: '0',
      instanceId: 'i',
      exporter,
    });
    return exporter;
  }

  it('sends spans of one trace with their parents, attributes and errors', async () => {
    const exporter = open(1);
    const root = tracing.span('graphql placeOrder', null, { 'order.symbol': 'AAPL' });
    const child = tracing.span('order.journal', root.traceparent);
    child.fail(new Error('disk full'));
    child.end();
    root.end();
    await tracing.close();
    const [first, second] = exporter.getFinishedSpans();
    expect(first?.name).toBe('order.journal');
    expect(first?.spanContext().traceId).toBe(second?.spanContext().traceId);
    expect(first?.parentSpanContext?.spanId).toBe(second?.spanContext().spanId);
    expect(first?.status.message).toBe('disk full');
    expect(second?.attributes['order.symbol']).toBe('AAPL');
  });

  it('records nothing at ratio 0, and still hands ids on', async () => {
    const exporter = open(0);
    const span = tracing.span('graphql placeOrder', null);
    span.end();
    await tracing.close();
    expect(parseTraceparent(span.traceparent)).toMatchObject({ sampled: false });
    expect(exporter.getFinishedSpans()).toHaveLength(0);
  });
});
