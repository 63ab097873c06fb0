import type { JournaledEvent } from '../engine/account-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { QueuedInput } from './input-queue.ts';

export interface AccountEventsOptions {
  readonly clock: Clock;
  /** Events after a sequence number, from the journal. */
  readonly journal: (afterSeq: number) => AsyncIterable<readonly JournaledEvent[]>;
  /** What the strategy is given of events; null while the account is not loaded. */
  readonly inputsOf: (events: readonly JournaledEvent[]) => readonly QueuedInput[] | null;
  readonly give: (item: QueuedInput) => void;
}

/**
 * An account's events as a strategy hears of them: each once, in the order of the journal. A commit of which
 * the process did not hear leaves a gap in what it is told, which is read from the journal.
 */
export interface AccountEvents {
  /** Everything after `seq` up to the end of the journal; from then on `committed` goes on. */
  read(seq: number): Promise<readonly QueuedInput[]>;
  committed(events: readonly JournaledEvent[]): void;
  /** Looks for a gap after which nothing has come yet. */
  reopened(): void;
  close(): void;
}

const AGAIN_MS = 250;

export function followAccount(options: AccountEventsOptions): AccountEvents {
  const { clock, give, inputsOf, journal } = options;
  /** Number of the last event that was taken; null until the beginning has been read. */
  let taken: number | null = null;
  let waiting: JournaledEvent[] = [];
  let isReading = false;
  let isClosed = false;

  /** Up to the first gap. */
  function takeWaiting(): void {
    if (taken === null || isReading) return;
    const last = taken;
    waiting = waiting.filter(({ seq }) => seq > last);
    const gap = waiting.findIndex(({ seq }, index) => seq !== last + 1 + index);
    const next = gap < 0 ? waiting : waiting.slice(0, gap);
    const inputs = next.length === 0 ? [] : inputsOf(next);
    if (inputs !== null) {
      waiting = waiting.slice(next.length);
      taken = next.at(-1)?.seq ?? taken;
      inputs.forEach(give);
    }
    if (waiting.length > 0) void closeGap();
  }

  async function closeGap(): Promise<void> {
    if (isReading || isClosed || taken === null) return;
    isReading = true;
    let isDone = false;
    try {
      const missed = await collect(taken);
      isDone = missed !== null;
      missed?.forEach(give);
    } catch {
      // The store is not there at the moment, as everybody else notices too.
    } finally {
      isReading = false;
    }
    if (isDone) takeWaiting();
    else clock.after(AGAIN_MS, () => void closeGap());
  }

  async function collect(after: number): Promise<readonly QueuedInput[] | null> {
    const inputs: QueuedInput[] = [];
    let last = after;
    for await (const events of journal(after)) {
      const more = inputsOf(events);
      if (more === null) return null;
      inputs.push(...more);
      last = events.at(-1)?.seq ?? last;
    }
    taken = last;
    return inputs;
  }

  return {
    async read(seq) {
      const inputs = await collect(seq);
      taken ??= seq;
      if (inputs === null) void closeGap();
      return inputs ?? [];
    },
    committed(events) {
      if (isClosed) return;
      waiting.push(...events);
      takeWaiting();
    },
    reopened() {
      void closeGap();
    },
    close() {
      isClosed = true;
    },
  };
}
