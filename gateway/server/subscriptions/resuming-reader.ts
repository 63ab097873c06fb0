import { apiError } from '../../../schema/errors/api-error.ts';
import { createOrderFold, type OrderMoment } from '../../../schema/order/fold-order-events.ts';
import { type AccountTail, type AlertEntry, nextPage, PAGE, REMEMBERED_ORDERS } from './account-tail.ts';
import type { EventLog, LogReader } from './event-log.ts';
import type { FeedReader } from './feed.ts';

/** Events that a page of the journal held, and the sequence up to which it is now known. */
interface Page<T> {
  readonly items: readonly T[];
  readonly upTo: number;
}

/** Where events come from: the tail's log, and pages of the journal before it. */
export interface History<T extends { readonly seq: number }> {
  log(tail: AccountTail): EventLog<T>;
  /** Everything after a sequence up to `upTo`, which may be ahead of the tail. */
  nextPage(tail: AccountTail, afterSeq: number): Promise<Page<T>>;
}

/** What orders were is folded on the way: for one reader, and one way. */
export function orderHistory(accountId: string): History<OrderMoment> {
  const fold = createOrderFold(REMEMBERED_ORDERS);
  return {
    log: (tail) => tail.orders,
    async nextPage(tail, afterSeq) {
      const events = await tail.read((reader) => nextPage(reader, accountId, afterSeq, fold));
      return { items: fold.follow(events), upTo: events.at(-1)?.seq ?? afterSeq };
    },
  };
}

export function alertHistory(accountId: string): History<AlertEntry> {
  return {
    log: (tail) => tail.alerts,
    async nextPage(tail, afterSeq) {
      // Alerts have holes between them: a page that is not full says nothing of what came meanwhile.
      const known = tail.alerts.position;
      const alerts = await tail.read((reader) => reader.alertsAfter(accountId, afterSeq, PAGE));
      const items = alerts.map((alert) => ({ accountId, seq: alert.seq, alert }));
      if (items.length === PAGE) return { items, upTo: items.at(-1)?.seq ?? known };
      return { items: items.filter(({ seq }) => seq <= known), upTo: known };
    },
  };
}

/**
 * STARTING: the account's tail is being found, or brought up to a cursor that is ahead of it.
 * CATCHING_UP: the place is before the tail's log; pages come from the journal, the next one when the
 * last was taken, so that a slow client slows down its own reading and nothing else.
 * LIVE: the place is in the log. From CATCHING_UP it is entered in one turn of the event loop, when the
 * pages have reached the log: there is no gap and no duplicate. Whose place leaves the log, because this
 * process was too slow for a burst, is CATCHING_UP again.
 */
export function openResumingReader<T extends { readonly seq: number }>(
  acquired: Promise<AccountTail>,
  release: () => void,
  afterSeq: number | null,
  begin: () => History<T>,
  wake: () => void,
): FeedReader<T> {
  let tail: AccountTail | null = null;
  let history = begin();
  let live: LogReader<T> | null = null;
  let end: 'done' | Error | null = null;
  /** Everything up to here is taken or in `page`; while LIVE, everything up to here is taken. */
  let scanned = afterSeq ?? 0;
  let page: readonly T[] = [];
  let taken = 0;
  let loading = false;

  const fail = (error: unknown): void => {
    end ??= error instanceof Error ? error : new Error(String(error));
    wake();
  };

  async function start(): Promise<void> {
    const found = await acquired;
    if (afterSeq !== null && afterSeq > history.log(found).position) {
      await found.catchUp();
      if (afterSeq > history.log(found).position) throw ahead();
    }
    if (end !== null) return;
    tail = found;
    if (afterSeq === null) {
      scanned = history.log(found).position;
      live = history.log(found).follow(null, wake);
    }
    wake();
  }

  async function load(from: AccountTail): Promise<void> {
    loading = true;
    try {
      const next = await history.nextPage(from, scanned);
      if (next.upTo <= scanned) throw new Error(`the journal has a hole after ${String(scanned)}`);
      page = next.items;
      taken = 0;
      scanned = next.upTo;
    } finally {
      loading = false;
    }
    wake();
  }

  start().catch(fail);

  return {
    get end() {
      return live?.end ?? end;
    },
    take() {
      if (end !== null || tail === null) return null;
      const item = page[taken];
      if (item !== undefined) {
        taken += 1;
        return item;
      }
      if (live?.lost === true) {
        live.close();
        live = null;
        history = begin();
      }
      if (live === null && !loading) {
        const log = history.log(tail);
        if (log.reaches(scanned)) live = log.follow(scanned, wake);
        else load(tail).catch(fail);
      }
      const next = live?.take() ?? null;
      if (next !== null) scanned = next.seq;
      return next;
    },
    setBlocked(blocked) {
      live?.setBlocked(blocked);
    },
    close() {
      end ??= 'done';
      live?.close();
      release();
    },
  };
}

function ahead(): Error {
  return apiError('CURSOR_INVALID', 'The cursor is ahead of the journal: it is of another history.', {
    field: 'after',
  });
}
