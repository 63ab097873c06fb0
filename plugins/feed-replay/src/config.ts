import { createHash } from 'node:crypto';

import { MarketFilesSchema } from '@omniquant/market-files';
import { FeedError, type Static, T } from '@omniquant/plugin-sdk';

const instant = (description: string) =>
  T.Optional(
    T.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?Z)?$', description }),
  );

export const ReplaySchema = T.Object(
  {
    ...MarketFilesSchema.properties,
    speed: T.Number({
      minimum: 0,
      maximum: 10_000_000,
      default: 1,
      description: 'Market seconds a second; 0 is as fast as it is taken.',
    }),
    start: instant(
      'Begins here, in UTC: "2013-10-07" or "2013-10-07T13:30:00Z". By default with the first row.',
    ),
    end: instant('Ends before this. By default after the last row.'),
    loop: T.Boolean({
      default: false,
      description:
        'Begins again at the end, with later dates and prices that go on from the last; else it stops.',
    }),
    longestGapMs: T.Optional(
      T.Integer({
        minimum: 1_000,
        description:
          'Of a longer time without anything, as the night, only so much market time is waited for.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ReplayConfig = Static<typeof ReplaySchema>;

export interface ReplayRange {
  readonly from: number | null;
  readonly to: number | null;
}

/** Throws FeedError CONFIG_INVALID. */
export function rangeOf({ end, start }: ReplayConfig): ReplayRange {
  const read = (name: string, text: string | undefined): number | null => {
    if (text === undefined) return null;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw new FeedError('CONFIG_INVALID', `${name}: ${text} is no date`);
    return at;
  };
  const range = { from: read('start', start), to: read('end', end) };
  if (range.from !== null && range.to !== null && range.from >= range.to) {
    throw new FeedError('CONFIG_INVALID', 'end: it is not after start');
  }
  return range;
}

/** Another text for another replay: what the position of one is worth nothing to another. */
export function fingerprint({ end, instruments, loop, sources, start }: ReplayConfig): string {
  const content = JSON.stringify({ end, instruments, loop, sources, start });
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
