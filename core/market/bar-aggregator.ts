import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from './bar.ts';
import { type BarContent, isSameContent } from './bar-content.ts';
import { BarError } from './bar-error.ts';
import { type BarSpan, barSpan } from './bar-interval.ts';
import type { TradingCalendar } from './calendar.ts';

/**
 * Makes bars of one symbol live. What it returns is what changed, oldest first, to be published as it is.
 *
 * A bar is open until something of a later bar arrives or `flush` says that its time is over; then it
 * is closed, once. What arrives later still belongs where its time says: the closed bar is returned
 * again with a higher revision, or for the first time if nothing had traded in its span. Only bars
 * older than the last `retain` closed ones are no longer corrected; `tooLate` counts what was lost so.
 * A span in which nothing traded has no bar.
 */
export interface BarAggregator<Input> {
  /** Throws BarError BAR_MISMATCH for an input of another symbol or interval. */
  add(input: Input): readonly Bar[];
  /** Closes the bar whose time is over at `now`, a market time in epoch ms. */
  flush(now: number): readonly Bar[];
  /** The open bar, if there is one. */
  current(): Bar | null;
  /** Inputs that came too late to correct their bar. */
  tooLate(): number;
}

export interface BarAggregatorOptions {
  readonly symbol: string;
  readonly interval: BarInterval;
  readonly calendar: TradingCalendar;
  /** How many closed bars can still be corrected; 10 unless given. */
  readonly retain?: number;
}

/** Collects the inputs of one bar. */
export interface BarCollector<Input> {
  collect(input: Input): void;
  content(): BarContent;
}

interface Slot<Input> {
  readonly span: BarSpan;
  readonly collector: BarCollector<Input>;
  revision: number;
}

interface Timed {
  readonly symbol: string;
  readonly at: number;
}

const DEFAULT_RETAIN = 10;

/**
 * The sequence of bars, whatever they are made of: `createCollector` starts a bar with its first input.
 *
 * Invariants: `closed` ascends in time and holds at most `retain` slots; the open slot, if any, is
 * later than all of them; a span that ends at or before `closedUpTo` is closed, and one that starts
 * before `forgottenBefore` is beyond correction.
 */
export const createBarAggregator = <Input extends Timed>(
  options: BarAggregatorOptions,
  createCollector: (first: Input) => BarCollector<Input>,
): BarAggregator<Input> => {
  const { symbol, interval, calendar, retain = DEFAULT_RETAIN } = options;
  const closed: Slot<Input>[] = [];
  let open: Slot<Input> | undefined;
  let closedUpTo = Number.NEGATIVE_INFINITY;
  let forgottenBefore = Number.NEGATIVE_INFINITY;
  let lost = 0;

  const barOf = (slot: Slot<Input>, isClosed: boolean): Bar => {
    const { open: first, high, low, close, volume } = slot.collector.content();
    const { span, revision } = slot;
    return { symbol, interval, at: span.start, open: first, high, low, close, volume, isClosed, revision };
  };

  const newSlot = (span: BarSpan, first: Input): Slot<Input> => ({
    span,
    collector: createCollector(first),
    revision: 0,
  });

  const collects = (slot: Slot<Input>, input: Input): boolean => {
    const before = slot.collector.content();
    slot.collector.collect(input);
    return !isSameContent(before, slot.collector.content());
  };

  const retainClosed = (slot: Slot<Input>): void => {
    const later = closed.findIndex(({ span }) => span.start > slot.span.start);
    closed.splice(later === -1 ? closed.length : later, 0, slot);
    if (closed.length <= retain) return;
    const forgotten = closed.shift();
    if (forgotten !== undefined) forgottenBefore = forgotten.span.end;
  };

  const closeOpen = (): Bar[] => {
    if (open === undefined) return [];
    const bar = barOf(open, true);
    closedUpTo = Math.max(closedUpTo, open.span.end);
    retainClosed(open);
    open = undefined;
    return [bar];
  };

  const addLate = (input: Input, span: BarSpan): readonly Bar[] => {
    if (span.start < forgottenBefore) {
      lost += 1;
      return [];
    }
    const known = closed.find((slot) => slot.span.start === span.start);
    if (known === undefined) {
      const slot = newSlot(span, input);
      retainClosed(slot);
      return [barOf(slot, true)];
    }
    if (!collects(known, input)) return [];
    known.revision += 1;
    return [barOf(known, true)];
  };

  const add = (input: Input): readonly Bar[] => {
    if (input.symbol !== symbol) {
      throw new BarError('BAR_MISMATCH', `expected data of ${symbol}, got some of ${input.symbol}`);
    }
    const isInOpen = open !== undefined && input.at >= open.span.start && input.at < open.span.end;
    const span = isInOpen && open !== undefined ? open.span : barSpan(input.at, interval, calendar);
    if (span.end <= closedUpTo) return addLate(input, span);
    if (open !== undefined && span.start === open.span.start) {
      return collects(open, input) ? [barOf(open, false)] : [];
    }
    const completed = closeOpen();
    open = newSlot(span, input);
    closedUpTo = Math.max(closedUpTo, span.start);
    return [...completed, barOf(open, false)];
  };

  const flush = (now: number): readonly Bar[] => {
    const completed = open !== undefined && open.span.end <= now ? closeOpen() : [];
    closedUpTo = Math.max(closedUpTo, now);
    return completed;
  };

  return {
    add,
    flush,
    current: () => (open === undefined ? null : barOf(open, false)),
    tooLate: () => lost,
  };
};
