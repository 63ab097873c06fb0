import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SinkSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A collector of traces that keeps what it is sent as JSON by OTLP over HTTP. */
export interface TraceSink {
  readonly endpoint: string;
  spans(traceId: string): readonly SinkSpan[];
  close(): Promise<void>;
}

export async function startTraceSink(): Promise<TraceSink> {
  const spans: SinkSpan[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.url !== '/v1/traces') {
        response.writeHead(404).end();
        return;
      }
      for (const { scopeSpans } of (JSON.parse(body) as OtlpRequest).resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans.map(spanOf));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    spans: (traceId) => spans.filter((span) => span.traceId === traceId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spanOf({ traceId, spanId, parentSpanId, name, attributes = [] }: OtlpSpan): SinkSpan {
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === undefined || parentSpanId === '' ? null : parentSpanId,
    name,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
  };
}
