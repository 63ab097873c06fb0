import { z } from 'zod';

import { oneOf, parseSetting } from './parse-settings.ts';

const DAY_MS = 86_400_000;
const MOST_ROWS = 100_000;

const ms = z
  .int({ error: 'has to be a whole number of milliseconds' })
  .min(0, 'has to be at least 0')
  .max(DAY_MS, 'has to be at most a day');
/** Recordings are finer than a millisecond. */
const recorded = z
  .number({ error: 'has to be a number of milliseconds' })
  .min(0, 'has to be at least 0')
  .max(DAY_MS, 'has to be at most a day');

/** Latencies as they were measured at an instant: to the venue, and from there back. */
const row = z.strictObject({
  at: z.number({ error: 'has to be epoch ms' }).min(0, 'has to be epoch ms'),
  order: recorded,
  response: recorded,
});

export type LatencyRow = z.infer<typeof row>;

const rows = z
  .array(row, { error: 'has to be a list of { at, order, response }' })
  .min(1, 'has to have a row')
  .max(MOST_ROWS, `has at most ${String(MOST_ROWS)} rows`)
  .refine((all) => all.every(({ at }, index) => index === 0 || at > all[index - 1]!.at), {
    error: 'has to be in ascending order of `at`',
  });

const WAYS = ['LINEAR', 'PREVIOUS'] as const;

/**
 * RECORDED: what was measured, so that a run meets the latencies of its hours. Between two rows either LINEAR, as the
 * IntpOrderLatency of hftbacktest has it, or that of the row before (PREVIOUS); before the first row and behind the last
 * that of the row. An order's way goes by the time at which it is sent, an answer's by the time at which the venue gives
 * it: a row is of an order sent at `at`, which the venue had at `at + order`.
 */
const latencySchema = z.discriminatedUnion(
  'model',
  [
    z.strictObject({ model: z.literal('CONSTANT'), ms, response: ms.optional() }),
    z.strictObject({
      model: z.literal('PER_COMMAND'),
      ...{ submit: ms, replace: ms, cancel: ms },
      response: ms.optional(),
    }),
    z.strictObject({
      model: z.literal('RECORDED'),
      interpolation: z.enum(WAYS, { error: oneOf(WAYS) }).default('LINEAR'),
      rows,
    }),
  ],
  { error: oneOf(['CONSTANT', 'PER_COMMAND', 'RECORDED']) },
);

/**
 * Market time from a decision to its arrival at the venue, and (`response`, none when left out) from what the venue says
 * until the account hears it.
 */
export type LatencySettings = z.infer<typeof latencySchema>;

export const NO_LATENCY: LatencySettings = { model: 'CONSTANT', ms: 0 };

/** A number is the same for every command. Throws {@link BacktestError} BAD_USER_INPUT that names the field. */
export const parseLatency = (input: unknown, field = 'latency'): LatencySettings => {
  if (input === undefined || input === null) return NO_LATENCY;
  return typeof input === 'number'
    ? { model: 'CONSTANT', ms: parseSetting(ms, input, field) }
    : parseSetting(latencySchema, input, field);
};
