import type { LatencyRow, LatencySettings } from './latency-schema.ts';

type Recorded = Extract<LatencySettings, { model: 'RECORDED' }>;

/** How long requests and answers take; ms of market time. */
export interface Latency {
  /** Of a request that is sent at an instant. */
  toVenue(kind: 'submit' | 'replace' | 'cancel', at: number): number;
  /** Of what the venue says at an instant. */
  fromVenue(at: number): number;
  /** Whether answers ever take time. */
  readonly hasResponses: boolean;
}

export const createLatency = (settings: LatencySettings): Latency => {
  if (settings.model === 'RECORDED') return recordedLatency(settings);
  const { response = 0 } = settings;
  const toVenue: Latency['toVenue'] =
    settings.model === 'CONSTANT' ? () => settings.ms : (kind) => settings[kind];
  return { toVenue, fromVenue: () => response, hasResponses: response > 0 };
};

const recordedLatency = ({ interpolation, rows }: Recorded): Latency => {
  const isLinear = interpolation === 'LINEAR';
  const sent = Float64Array.from(rows, ({ at }) => at);
  // Where an order overtook the one before it, the venue is taken to have had both when the first was there.
  let latest = Number.NEGATIVE_INFINITY;
  const there = Float64Array.from(rows, ({ at, order }) => (latest = Math.max(latest, at + order)));
  const of = (times: Float64Array, value: (row: LatencyRow) => number, at: number): number => {
    const before = lastUpTo(times, at);
    const row = rows[Math.max(before, 0)]!;
    const next = rows[before + 1];
    const span = next === undefined ? 0 : times[before + 1]! - times[before]!;
    if (!isLinear || before < 0 || next === undefined || !(span > 0)) return value(row);
    return value(row) + ((value(next) - value(row)) * (at - times[before]!)) / span;
  };
  return {
    toVenue: (_kind, at) => of(sent, ({ order }) => order, at),
    fromVenue: (at) => of(there, ({ response }) => response, at),
    hasResponses: rows.some(({ response }) => response > 0),
  };
};

/** Place of the last time that is not after `at`; -1 without any. */
const lastUpTo = (times: Float64Array, at: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};
