import { isIP } from 'node:net';

import { BAR_INTERVALS } from '@omniquant/plugin-sdk';
import { z } from 'zod';

import { nearestHint } from './services/nearest-text.ts';

/* What settings are made of: a text of the environment, checked and read. */

export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  readonly doc: string;
  /** Shown in .env.example; the schema has the real default. */
  readonly example: string;
}

export function setting<S extends z.ZodType>(schema: S, example: string, doc: string): Setting<S> {
  return { schema, example, doc };
}

export const text = z.string().min(1);
/** Of a text that is no number the error says that, and not what a computation made of it. */
export const number = z.coerce.number({
  error: ({ expected }) => (expected === 'number' ? 'expected a number' : undefined),
});

export const port = number.int().min(0).max(65_535);
export const milliseconds = number.int().min(1).max(86_400_000);
export const count = number.int().min(1);
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
export const networks = list.refine(
  (items) => items.every(isNetwork),
  'must be addresses or networks, such as 10.0.0.0/8',
);
/** Broker connections and the feeds that their market data comes from: `acme=ticks,acme/their-connection=files`. */
export const marketFeeds = list.transform((items, context) =>
  items.flatMap((item) => {
    const [, broker, connection, feed] = /^([a-z0-9-]+)(?:\/([^=]+))?=([a-z0-9-]+)$/.exec(item) ?? [];
    if (broker !== undefined && feed !== undefined) return [{ broker, connection: connection ?? null, feed }];
    context.addIssue(`must be broker=feed or broker/connection=feed, and ${item} is not`);
    return [];
  }),
);
/** Intervals of bars, such as MINUTE_1,DAY_1. */
export const barIntervals = list.transform((items, context) =>
  items.flatMap((item) => {
    const interval = BAR_INTERVALS.find((each) => each === item);
    if (interval !== undefined) return [interval];
    context.addIssue(
      `must be some of ${BAR_INTERVALS.join(', ')}, and ${item} is not${nearestHint(item, BAR_INTERVALS)}`,
    );
    return [];
  }),
);
export const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');
export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
export const httpUrl = z.url({ protocol: /^https?$/ });

/** An IP address, alone or with the length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = '', prefix = null, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const longest = version === 4 ? 32 : 128;
  return prefix === null || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest);
}
