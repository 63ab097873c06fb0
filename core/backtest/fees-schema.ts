import { z } from 'zod';

import { decimalFrom, oneOf, parseSetting } from './parse-settings.ts';

/*
 * What trading costs, in the currency of the instrument. Amounts are exact; what is computed is rounded half-even to
 * 18 decimals, and nothing is rounded to cents.
 */

const amount = decimalFrom('ZERO');
/** A rebate is below zero. */
const signedRate = decimalFrom('ANY');

const none = z.strictObject({ model: z.literal('NONE') });
/** Once for an order, with its first execution. */
const perOrder = z.strictObject({ model: z.literal('PER_ORDER'), amount });
/** For each contract or share, at least `minimum` and at most `maximumRate` of the value, of each execution. */
const perUnit = z.strictObject({
  model: z.literal('PER_UNIT'),
  perUnit: amount,
  minimum: amount.default('0'),
  maximumRate: decimalFrom('ABOVE_ZERO').nullable().default(null),
});
/** A fraction of the value of each execution: "0.001" is 0.1 %. */
const percentage = z.strictObject({
  model: z.literal('PERCENTAGE'),
  rate: amount,
  minimum: amount.default('0'),
});
/** Fractions of the value, of executions that rested in the book (maker) and of those that took from it. */
const makerTaker = z.strictObject({ model: z.literal('MAKER_TAKER'), maker: signedRate, taker: signedRate });
/**
 * Fractions of the value by what the account has traded in the calendar month (UTC) before the execution: the last tier
 * whose `from` has been reached.
 */
const tiered = z.strictObject({
  model: z.literal('TIERED'),
  tiers: z
    .array(z.strictObject({ from: amount, maker: signedRate, taker: signedRate }))
    .min(1, 'has to hold at least one tier')
    .refine((tiers) => tiers[0] === undefined || Number(tiers[0].from) === 0, {
      error: 'have to begin with a tier from "0"',
    })
    .refine(
      (tiers) =>
        tiers.every(({ from }, index) => index === 0 || Number(from) > Number(tiers[index - 1]?.from)),
      { error: 'have to be in ascending order of `from`' },
    ),
});

const MODELS = ['NONE', 'PER_ORDER', 'PER_UNIT', 'PERCENTAGE', 'MAKER_TAKER', 'TIERED'];
const feesSchema = z.discriminatedUnion('model', [none, perOrder, perUnit, percentage, makerTaker, tiered], {
  error: oneOf(MODELS),
});

/** @example { model: 'MAKER_TAKER', maker: '-0.0001', taker: '0.0004' } */
export type FeeSettings = z.infer<typeof feesSchema>;

export const NO_FEES: FeeSettings = { model: 'NONE' };

/** Nothing given is no fees. Throws {@link BacktestError} BAD_USER_INPUT that names the field. */
export const parseFees = (input: unknown, field = 'fees'): FeeSettings =>
  input === undefined || input === null ? NO_FEES : parseSetting(feesSchema, input, field);
