import type { OrderEventType } from './order-event.ts';
import { TRANSITIONS, type TransitionSource, type TransitionTarget } from './transitions.ts';

/** Columns of the printed table, in the order of a life. */
const SOURCES: readonly TransitionSource[] = [
  'NONE',
  'INITIALIZED',
  'DENIED',
  'HELD',
  'SUBMITTED',
  'IN_DOUBT',
  'WORKING',
  'TRIGGERED',
  'DONE',
];

const EVENTS: Readonly<Record<OrderEventType, string>> = {
  INITIALIZED: 'The order exists, with its terms.',
  DENIED: 'A rule refused it.',
  HELD: 'The gateway keeps it: a leg that waits for its entry, or a trigger that the gateway watches.',
  RELEASED: 'The entry of a leg has filled.',
  RESIZED: 'A held leg follows what its entry and its sibling have filled.',
  STOP_MOVED: 'A trailing trigger came closer.',
  SUBMITTED: 'Durable and on its way to the venue.',
  IN_DOUBT: 'What became of the request is not known.',
  ACCEPTED: 'The venue has it.',
  REJECTED: 'The venue refused it, it was never sent, or it never arrived.',
  TRIGGERED: 'Its trigger was reached.',
  REPLACE_REQUESTED: 'New terms are asked for.',
  REPLACED: 'The new terms work.',
  REPLACE_REJECTED: 'The old terms go on.',
  CANCEL_REQUESTED: 'Its end is asked for.',
  CANCEL_REJECTED: 'It goes on.',
  CANCELED: 'It ended on request, or by a rule of the gateway or the venue.',
  EXPIRED: 'Its time is over.',
  FILLED: 'An execution.',
  FILL_BUSTED: 'An execution was taken back.',
  OVERFILLED: 'More was executed than asked for.',
  RECONCILED: 'Brought in line with the venue, or settled by an operator.',
  RECALLED: 'A done order that had left memory is needed again. Not part of the API.',
};

const EVENT_TYPES = Object.keys(EVENTS) as OrderEventType[];

const cellOf = (target: TransitionTarget | undefined, from: TransitionSource): string => {
  if (target === undefined) return '';
  if (target === 'SAME') return from;
  return target === 'GIVEN' ? '(as given)' : target;
};

/** As wide as the widest cell of each column, the way the formatter leaves it. */
const printRows = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = header.map((_, column) =>
    Math.max(3, ...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const printRow = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return `${[header, rule, ...rows].map(printRow).join('\n')}\n`;
};

/** The table of the documentation, in Markdown: a row an event, a column a lifecycle, a cell the next lifecycle. */
export const printTransitionTable = (): string =>
  printRows(
    ['Event', ...SOURCES],
    EVENT_TYPES.map((event) => [event, ...SOURCES.map((from) => cellOf(TRANSITIONS[from][event], from))]),
  );

/** What each event says, as a Markdown list. */
export const printEventList = (): string =>
  Object.entries(EVENTS)
    .map(([event, meaning]) => `- \`${event}\`: ${meaning}\n`)
    .join('');
