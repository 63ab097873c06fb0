import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { parseTraceparent } from './trace-context.ts';

type Labels = Readonly<Record<string, string>>;

/** What a metric means; the names are ports' names with dots and dashes made underscores. */
export interface MetricDefinition {
  readonly help: string;
  readonly labels?: readonly string[];
  /** Histograms only; seconds by default. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Metrics {
  readonly registry: Registry;
  count(name: string, labels?: Labels, by?: number): void;
  observe(name: string, value: number, labels?: Labels, traceparent?: string | null): void;
  gauge(name: string, value: number, labels?: Labels): void;
}

/**
 * Prometheus metrics in OpenMetrics form, with the trace id as a histogram's exemplar. A metric comes
 * into being with its first use, with the help text of `definitions`; one that is not defined there is
 * a mistake and throws.
 */
export function createMetrics(definitions: Readonly<Record<string, MetricDefinition>>): Metrics {
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry as unknown as Registry, prefix: 'omniquant_' });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, Gauge>();
  const registers = [registry as unknown as Registry];

  const describe = (name: string) => {
    const definition = definitions[name];
    if (definition === undefined) {
      throw new Error(`metric ${name} is not defined in gateway/telemetry/metric-definitions.ts`);
    }
    return {
      name: `omniquant_${name}`,
      help: definition.help,
      labelNames: [...(definition.labels ?? [])],
      registers,
      definition,
    };
  };
  const lookUp = <M>(map: Map<string, M>, name: string, make: () => M): M => {
    let metric = map.get(name);
    if (metric === undefined) {
      metric = make();
      map.set(name, metric);
    }
    return metric;
  };

  return {
    registry: registry as unknown as Registry,
    count(name, labels = {}, by = 1) {
      lookUp(counters, name, () => {
        const { definition: _, ...options } = describe(name);
        return new Counter(options);
      }).inc({ ...labels }, by);
    },
    observe(name, value, labels = {}, traceparent = null) {
      const histogram = lookUp(histograms, name, () => {
        const { definition, ...options } = describe(name);
        return new Histogram({
          ...options,
          buckets: [...(definition.buckets ?? SECONDS)],
          enableExemplars: true,
        });
      });
      const traceId = parseTraceparent(traceparent)?.traceId;
      histogram.observe({
        labels: { ...labels },
        value,
        ...(traceId === undefined ? {} : { exemplarLabels: { traceId } }),
      });
    },
    gauge(name, value, labels = {}) {
      lookUp(gauges, name, () => {
        const { definition: _, ...options } = describe(name);
        return new Gauge(options);
      }).set({ ...labels }, value);
    },
  };
}
