import { BAR_INTERVALS, type Static, T } from '@omniquant/plugin-sdk';

import { decimal, TIME_FORMATS } from './config.ts';
import { TICK_KINDS, TICK_ROLES, type TickRole } from './tick-kinds.ts';

const name = T.Optional(T.String({ minLength: 1, maxLength: 200 }));
const closed = { additionalProperties: false };

/** How rows of ticks are read. */
export const TickReadingSchema = T.Object(
  {
    kind: T.Union(TICK_KINDS.map((kind) => T.Literal(kind))),
    symbol: T.Optional(T.String({ minLength: 1, description: 'Of all rows, where no column says it.' })),
    columns: T.Optional(
      T.Object(
        Object.fromEntries(TICK_ROLES.map((role) => [role, name])) as Record<TickRole, typeof name>,
        closed,
      ),
    ),
    timeFormat: T.Optional(T.Union(TIME_FORMATS.map((format) => T.Literal(format)))),
    timeZone: T.Optional(T.String({ description: 'IANA name for times without an offset.' })),
    date: T.Optional(
      T.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Of times that have none.' }),
    ),
    interval: T.Optional(
      T.Union(
        BAR_INTERVALS.map((interval) => T.Literal(interval)),
        { description: 'That a quote or trade sums up: it is known at the end of it.' },
      ),
    ),
    timeIs: T.Optional(T.Union([T.Literal('start'), T.Literal('end')])),
    priceScale: T.Optional(decimal('Prices are divided by it: 10000 for deci-cents.')),
    gaps: T.Optional(
      T.Union([T.Literal('refuse'), T.Literal('keep')], {
        description: 'Messages of books that are missing: the file is refused (default), or they are told.',
      }),
    ),
  },
  closed,
);
export type TickReading = Static<typeof TickReadingSchema>;
