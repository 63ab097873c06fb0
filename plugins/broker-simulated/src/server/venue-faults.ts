import { type Static, T } from '@omniquant/plugin-sdk';
import type { ExecutionQuality } from '@omniquant/venue/execution-quality';

const Probability = T.Number({ minimum: 0, maximum: 1 });
const Span = T.Object(
  { min: T.Number({ minimum: 0 }), max: T.Number({ minimum: 0, maximum: 600_000 }) },
  { additionalProperties: false },
);
const Amount = T.String({ pattern: '^\\d{1,12}(\\.\\d{1,12})?$' });

/** Everything about the venue that can be worse than perfect; see the README for each. */
export const FaultsSchema = T.Object(
  {
    execution: T.Object(
      {
        fees: T.Object({ perUnit: Amount, rate: Amount, minimum: Amount }, { additionalProperties: false }),
        slippageProbability: Probability,
        slippageTicks: T.Integer({ minimum: 0, maximum: 10_000 }),
        partialFillProbability: Probability,
        rejectProbability: Probability,
        bustProbability: Probability,
        lateFeeProbability: Probability,
        latencyMs: Span,
      },
      { additionalProperties: false },
    ),
    requests: T.Object(
      {
        delayMs: Span,
        loseRequestProbability: Probability,
        loseAnswerProbability: Probability,
        errorProbability: Probability,
        lossMode: T.Union([T.Literal('hang'), T.Literal('cut')]),
        lookupDelayMs: T.Number({ minimum: 0, maximum: 600_000 }),
        ordersPerSecond: T.Number({ minimum: 0 }),
      },
      { additionalProperties: false },
    ),
    stream: T.Object(
      {
        delayProbability: Probability,
        delayMs: Span,
        duplicateProbability: Probability,
        reorderProbability: Probability,
        dropProbability: Probability,
        mute: T.Boolean(),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export interface VenueFaults extends Static<typeof FaultsSchema> {
  readonly execution: ExecutionQuality;
}

/** A change: sections and their settings may be left out and then stay as they are. */
export const FaultsChangeSchema = T.Object(
  {
    execution: T.Optional(T.Partial(FaultsSchema.properties.execution)),
    requests: T.Optional(T.Partial(FaultsSchema.properties.requests)),
    stream: T.Optional(T.Partial(FaultsSchema.properties.stream)),
  },
  { additionalProperties: false },
);
export type FaultsChange = Static<typeof FaultsChangeSchema>;

/** What becomes of an order request. */
export const RequestFateSchema = T.Union([
  T.Literal('normal'),
  T.Literal('loseRequest'),
  T.Literal('loseAnswer'),
  T.Literal('error'),
  T.Literal('garbage'),
]);
export type RequestFate = Static<typeof RequestFateSchema>;

/** A venue without faults that charges half a cent a share. */
export const NO_FAULTS: VenueFaults = {
  execution: {
    fees: { perUnit: '0.005', rate: '0', minimum: '0' },
    slippageProbability: 0,
    slippageTicks: 0,
    partialFillProbability: 0,
    rejectProbability: 0,
    bustProbability: 0,
    lateFeeProbability: 0,
    latencyMs: { min: 0, max: 0 },
  },
  requests: {
    delayMs: { min: 0, max: 0 },
    loseRequestProbability: 0,
    loseAnswerProbability: 0,
    errorProbability: 0,
    lossMode: 'hang',
    lookupDelayMs: 0,
    ordersPerSecond: 0,
  },
  stream: {
    delayProbability: 0,
    delayMs: { min: 0, max: 0 },
    duplicateProbability: 0,
    reorderProbability: 0,
    dropProbability: 0,
    mute: false,
  },
};

/** The settings after a change; undefined in a change is "not given". */
export const changeFaults = (faults: VenueFaults, change: FaultsChange): VenueFaults => ({
  execution: { ...faults.execution, ...change.execution },
  requests: { ...faults.requests, ...change.requests },
  stream: { ...faults.stream, ...change.stream },
});
