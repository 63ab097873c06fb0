import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, createApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type Desk, deskOf, openDesk, readyToTrade } from '../support/gateway/desk.ts';
import { type LocalGateway, openLocalGateway } from '../support/gateway/local-gateway.ts';
import { type SinkSpan, startTraceSink, type TraceSink } from '../support/gateway/trace-sink.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue, type VenueControl } from '../support/gateway/venue-control.ts';

jest.setTimeout(180_000);

describe('the trace of an order', () => {
  let sink: TraceSink;
  let dataDir: string;
  let local: LocalGateway;
  let client: ApiClient;
  let venue: VenueControl;
  let desk: Desk;

  const start = async (): Promise<void> => {
    local = await openLocalGateway(dataDir, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint });
    venue = controlVenue(dataDir);
  };

  beforeAll(async () => {
    sink = await startTraceSink();
    dataDir = makeDataDir('trace');
    await start();
    client = await signIn(() => local.address, local.demo);
    await venue.hold();
    await venue.advance(60_000);
    desk = await openDesk(client);
  });

  afterAll(async () => {
    await local.gateway.close();
    await removeDataDir(dataDir);
    await sink.close();
  });

  const spansOf = (traceId: string | null, ...names: readonly string[]): Promise<readonly SinkSpan[]> =>
    until(`spans ${names.join(', ')}`, () => {
      const spans = sink.spans(traceId ?? '');
      return names.every((name) => spans.some((span) => span.name === name)) ? spans : null;
    });

  const only = (spans: readonly SinkSpan[], name: string): SinkSpan => {
    const [span, ...more] = spans.filter((candidate) => candidate.name === name);
    if (span === undefined || more.length > 0) {
      throw new Error(`${name} is there ${String(more.length + 1)} times`);
    }
    return span;
  };

  it('holds every step from the request to the fill, each under the one before it', async () => {
    const { id, traceId } = await desk.placed({ quantity: '3' });
    await desk.settled(id, 'FILLED');
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect((await desk.order(id)).traceId).toBe(traceId);

    const spans = await spansOf(
      traceId,
      'graphql placeOrder',
      'order.risk',
      'order.journal',
      'broker.submit',
      'broker.ack',
      'order.fill',
    );
    const request = only(spans, 'graphql placeOrder');
    expect(request.parentSpanId).toBeNull();
    const risk = only(spans, 'order.risk');
    expect(risk.parentSpanId).toBe(request.spanId);
    expect(only(spans, 'order.journal').parentSpanId).toBe(risk.spanId);
    // What comes later hangs on what the journal keeps with the order.
    for (const name of ['broker.submit', 'broker.ack', 'order.fill']) {
      const span = only(spans, name);
      expect([name, span.parentSpanId]).toEqual([name, risk.spanId]);
      expect(span.attributes['order.id']).toBe(id);
    }
    expect(only(spans, 'broker.submit').attributes['broker.outcome']).toBe('accepted');
  });

  it('continues the trace of a client that sent one', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traced = createApiClient({
      address: () => local.address,
      headers: {
        ...client.headers,
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      },
    });
    const order = await deskOf(traced, desk.accountId).placed();
    expect(order.traceId).toBe(traceId);
    const spans = await spansOf(traceId, 'graphql placeOrder', 'order.fill');
    expect(only(spans, 'graphql placeOrder').parentSpanId).toBe('00f067aa0ba902b7');
  });

  it('keeps the denial in the trace of its request', async () => {
    await desk.setLimits({ maxOrderNotional: '1' });
    const denial = await desk.denied();
    await desk.setLimits({ maxOrderNotional: null });
    const order = await desk.order(denial.kept?.id ?? '');
    const spans = await spansOf(order.traceId, 'order.risk', 'order.journal');
    expect(only(spans, 'order.risk').attributes['command.result']).toBe('denied');
    expect(spans.map(({ name }) => name)).not.toContain('broker.submit');
  });

  it('holds what happens after a restart, too', async () => {
    const resting = await desk.placed({ type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' });
    await desk.settled(resting.id, 'ACCEPTED');
    await local.gateway.close();
    await start();
    await readyToTrade(desk);
    const replaced = await desk.replace(resting.id, { limitPrice: '130' });
    expect(replaced).toHaveProperty('order');
    await desk.settled(resting.id, 'FILLED');
    const spans = await spansOf(resting.traceId, 'graphql placeOrder', 'broker.replace', 'order.fill');
    expect(only(spans, 'order.fill').attributes['order.id']).toBe(resting.id);
  });
});
