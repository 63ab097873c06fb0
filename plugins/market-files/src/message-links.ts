import type { TickCells } from './tick-cells.ts';

/** Whether a message follows the one before it. */
export interface MessageLink {
  /** What it is stored with: NaN where the feed has no numbers. A number is left out where messages are missing. */
  readonly number: number;
  /** Why it does not follow; null when it does. */
  readonly gap: string | null;
  /** It is in the snapshot already, and is to be left out. */
  readonly isOld: boolean;
}

/**
 * Numbers of a book's messages. Feeds either count them, or name with each the first and last of its updates, and maybe
 * the last of the message before; the latter are counted here, so that both are stored alike.
 */
export interface MessageLinks {
  next(cells: TickCells, beginsAnew: boolean): MessageLink;
}

export function createMessageLinks(): MessageLinks {
  /** Of the last message, as the feed has it. */
  let last = NaN;
  /** Our own count, of feeds that name updates. */
  let counted = 0;
  let isFresh = false;

  function counting(sequence: number, beginsAnew: boolean): MessageLink {
    const before = last;
    last = sequence;
    const follows = beginsAnew || Number.isNaN(before) || Number.isNaN(sequence) || sequence === before + 1;
    const gap = follows ? null : `sequence ${String(sequence)} follows ${String(before)}`;
    return { number: sequence, gap, isOld: false };
  }

  /** As L2Replay of @omniquant/venue links them: the first message behind a snapshot has to reach over its number. */
  function linking(cells: TickCells, sequence: number, beginsAnew: boolean): MessageLink {
    if (beginsAnew) {
      last = sequence;
      isFresh = true;
      return { number: ++counted, gap: null, isOld: false };
    }
    if (isFresh && sequence < last) return { number: NaN, gap: null, isOld: true };
    const first = cells.whole('firstSequence');
    const previous = cells.whole('previousSequence');
    const isUnknown = Number.isNaN(last) || (Number.isNaN(first) && Number.isNaN(previous));
    const follows = Number.isNaN(previous) ? first === last + 1 : previous === last;
    const reaches = isFresh && (Number.isNaN(first) ? previous <= last : first <= last + 1);
    const before = last;
    last = sequence;
    isFresh = false;
    if (isUnknown || follows || reaches) return { number: ++counted, gap: null, isOld: false };
    counted += 2;
    const begins = Number.isNaN(first) ? `after ${String(previous)}` : `at ${String(first)}`;
    const gap = `updates that begin ${begins} follow ${String(before)}`;
    return { number: counted, gap, isOld: false };
  }

  return {
    next(cells, beginsAnew) {
      const sequence = cells.whole('sequence');
      const isLinked = cells.has('firstSequence') || cells.has('previousSequence');
      return isLinked ? linking(cells, sequence, beginsAnew) : counting(sequence, beginsAnew);
    },
  };
}

/** Tells of messages that are missing, or refuses them. */
export function tellGap(cells: TickCells, gap: string, onGap: ((problem: string) => void) | null): void {
  if (onGap === null) {
    cells.fail('sequence', `leaves messages out (${gap}): find them, or import it with gaps kept`);
  }
  onGap(gap);
}
