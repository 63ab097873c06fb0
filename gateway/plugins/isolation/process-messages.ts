import { BAR_INTERVALS, type StrategyEffect, type StrategyUses } from '@omniquant/plugin-sdk';
import { describeBadEffect, MOST_EFFECTS } from '@omniquant/plugin-sdk/strategy-instance';
import { z } from 'zod';

import type { FromProcess } from './process-protocol.ts';

/* What a sandboxed process sends is a stranger's: nothing of it is used before it has passed here. */

const number = z.number();
const interval = z.enum(BAR_INTERVALS);
const symbol = z.string().min(1).max(64);

/** Series that one strategy may have seen: symbols by intervals. */
const MOST_BARS = 4_096;

const bar = z.strictObject({
  ...{
    symbol,
    interval,
    at: z.int(),
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  },
});

const saved = z.strictObject({
  now: number,
  random: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  bars: z.array(bar).max(MOST_BARS),
  hooks: z.json().optional(),
});

const effect = z.custom<StrategyEffect>().check(({ issues, value }) => {
  const problem = describeBadEffect(value);
  if (problem !== null) issues.push({ code: 'custom', input: value, message: problem });
});

const step = z
  .strictObject({
    taken: z.int().min(0),
    effects: z.array(effect).max(MOST_EFFECTS),
    saved: saved.nullable(),
  })
  .refine(
    ({ effects, saved: kept }) => effects.length === 0 || kept !== null,
    'effects come with a snapshot',
  );

/** What a plugin's own fault may be called: anything else would fill the metrics with names. */
const CODES = [
  ...['STRATEGY_THREW', 'STRATEGY_BAD_EFFECT', 'STRATEGY_TOO_MANY_EFFECTS', 'STRATEGY_MESSAGE_TOO_LARGE'],
  ...['STRATEGY_OPTIMIZER_FAILED', 'STRATEGY_BAD_SNAPSHOT'],
] as const;

const LONGEST_MESSAGE = 2_000;

const failure = z.strictObject({
  code: z.enum(CODES).catch('STRATEGY_THREW'),
  message: z.string().transform((text) => text.slice(0, LONGEST_MESSAGE)),
});

const message = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), version: z.int() }),
  z.strictObject({
    kind: z.literal('ready'),
    inputs: z.strictObject({
      warmup: z.int().min(0),
      intervals: z.array(interval).max(BAR_INTERVALS.length),
      quotes: z.boolean(),
      trades: z.boolean(),
    }),
    remembers: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('answer'), id: z.int(), answer: step.nullable() }),
  z.strictObject({ kind: z.literal('failed'), id: z.int().nullable(), failure }),
  z.strictObject({ kind: z.literal('result'), value: z.unknown() }),
]);

/** The message, or what is wrong with it in a line. */
export function checkedMessage(
  received: unknown,
): FromProcess | { readonly kind: 'bad'; readonly why: string } {
  const parsed = message.safeParse(received);
  if (parsed.success) return parsed.data as FromProcess;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  return { kind: 'bad', why: `${path} ${issue?.message ?? 'is wrong'}`.trim().slice(0, LONGEST_MESSAGE) };
}

const LONGEST_TEXT = 4_096;
const MOST_EXTENSIONS = 100;

const parameters = z.record(z.string(), z.json());

/** What `describe` results in. */
export const describedPlugin = z.strictObject({
  name: z.string().min(1).max(214),
  version: z.string().max(64),
  api: z.string().max(64),
  hasLifecycle: z.boolean(),
  extensions: z
    .array(
      z.strictObject({
        kind: z.string().max(64),
        id: z.string().max(64),
        description: z.string().max(LONGEST_TEXT),
        config: parameters,
        hasUses: z.boolean(),
      }),
    )
    .max(MOST_EXTENSIONS),
});

/** Whose packages its process could read, one after the other. */
const MOST_OPTIMIZERS = 16;

/** What `uses` results in. */
export const strategyUses = z.strictObject({
  optimizers: z
    .record(
      z.string().max(64),
      z.strictObject({
        id: z.string().max(64),
        config: parameters.optional(),
        fields: z
          .strictObject({ id: z.string().max(LONGEST_TEXT), config: z.string().max(LONGEST_TEXT) })
          .partial()
          .optional(),
      }),
    )
    .refine((uses) => Object.keys(uses).length <= MOST_OPTIMIZERS, `are ${String(MOST_OPTIMIZERS)} at most`)
    .optional(),
}) as z.ZodType<StrategyUses>;

const problems = z
  .array(
    z.strictObject({
      field: z.string().max(LONGEST_MESSAGE),
      message: z.string().max(LONGEST_MESSAGE),
      isOfRun: z.boolean().optional(),
    }),
  )
  .min(1);

/** What `checkStrategy` results in. */
export const checkedStrategy = z.union([
  z.strictObject({ config: parameters, uses: strategyUses }),
  z.strictObject({ problems }),
]);

/** What `checkOptimizer` results in. */
export const checkedParameters = z.union([
  z.strictObject({ config: parameters }),
  z.strictObject({ problems }),
]);

/** What `probe` results in. */
export const probeResult = z.strictObject({
  tcp: z.boolean(),
  socket: z.boolean(),
  parent: z.boolean(),
  data: z.int().nullable(),
});
