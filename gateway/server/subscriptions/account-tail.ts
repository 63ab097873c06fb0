import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { OrderReader, WorkspaceReaders } from '../../../core/ports/order-reader.ts';
import type { AlertRow } from '../../../core/ports/read-model.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import {
  createOrderFold,
  type OrderFold,
  type OrderMoment,
} from '../../../schema/order/fold-order-events.ts';
import type { AccountAlert } from '../../../schema/streams.ts';
import type { AccountHeads } from './account-heads.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { pause } from './pause.ts';

/** Events read from the journal at a time. */
export const PAGE = 500;

/** Orders whose state is kept between events; others are folded anew when an event concerns them. */
export const REMEMBERED_ORDERS = 5_000;
const RETRY_MS = 1_000;
/** Between two pages of a burst: for subscribers that take what they get, and for all together. */
const STALLED_MS = 50;
/** Turns of the event loop that they had for it, should those be slow. */
const STALLED_TURNS = 20;
const LONGEST_WAIT_MS = 250;
const READ_TIMEOUT_MS = 10_000;

export interface AlertEntry extends AccountAlert {
  readonly seq: number;
}

export interface AccountTailOptions {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly readers: WorkspaceReaders;
  readonly heads: AccountHeads;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Events that a live subscriber may be behind. */
  readonly capacity: number;
}

/** The end of one account's journal, followed for all its subscribers in this process. */
export interface AccountTail {
  readonly orders: EventLog<OrderMoment>;
  readonly alerts: EventLog<AlertEntry>;
  /** Resolves when everything committed before the call has been taken in. */
  catchUp(): Promise<void>;
  /** One read of the account's workspace, in a transaction of its own; repeated until it succeeds. */
  read<T>(query: (reader: OrderReader) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Begins at the journal's head, then reads page after page what commits add and folds it. Reads are the
 * workspace's own, under its row-level security. Only one read of new events is under way at a time; a
 * head told meanwhile is remembered as the target.
 */
export async function startAccountTail(options: AccountTailOptions): Promise<AccountTail> {
  const { accountId, clock, telemetry } = options;
  const closing = new AbortController();
  const fold = createOrderFold(REMEMBERED_ORDERS);
  // A page alone makes nobody overflow.
  const pageSize = Math.max(1, Math.min(PAGE, Math.floor(options.capacity / 2)));
  const read = createReading(options, closing.signal);

  // Watched before the head is read: a commit in between is told, and not lost.
  let target = 0;
  let advancing: Promise<void> | null = null;
  let tail: AccountTail | null = null;
  const unwatch = options.heads.watch(accountId, (seq) => {
    target = Math.max(target, seq);
    if (tail !== null && seq > tail.orders.position) void advance(tail);
  });

  function advance(to: AccountTail): Promise<void> {
    advancing ??= drain(to).finally(() => {
      advancing = null;
      if (!closing.signal.aborted && target > to.orders.position) void advance(to);
    });
    return advancing;
  }

  async function drain({ orders, alerts }: AccountTail): Promise<void> {
    try {
      for (;;) {
        const events = await read((reader) => nextPage(reader, accountId, orders.position, fold, pageSize));
        const last = events.at(-1);
        if (last === undefined) {
          // Told of, but not to be seen by this workspace (yet): the next notice or poll tells again.
          target = orders.position;
          return;
        }
        orders.append(fold.follow(events), last.seq);
        alerts.append(events.flatMap(toAlert), last.seq);
        await letFollow(orders, clock, closing.signal);
        if (events.length < pageSize && last.seq >= target) return;
      }
    } catch (error) {
      if (closing.signal.aborted) return;
      telemetry.log('error', 'a journal cannot be followed', { error, accountId });
      await pause(clock, RETRY_MS, closing.signal).catch(() => undefined);
    }
  }

  const headNow = async (): Promise<number> => (await read((reader) => reader.head(accountId)))?.seq ?? 0;

  const start = await headNow();
  const started: AccountTail = {
    orders: createEventLog<OrderMoment>(start, options.capacity),
    alerts: createEventLog<AlertEntry>(start, options.capacity),
    read,
    async catchUp() {
      target = Math.max(target, await headNow());
      while (started.orders.position < target && !closing.signal.aborted) await advance(started);
    },
    close() {
      closing.abort();
      unwatch();
    },
  };
  tail = started;
  if (target > start) void advance(started);
  return started;
}

/** The next events, with `fold` made ready to follow them. */
export async function nextPage(
  reader: OrderReader,
  accountId: string,
  afterSeq: number,
  fold: OrderFold,
  size = PAGE,
): Promise<readonly JournaledEvent[]> {
  const events = await reader.accountEvents(accountId, afterSeq, size);
  const missing = fold.missing(events);
  if (missing.length > 0) fold.learn(await reader.eventsOfOrders(accountId, missing, afterSeq));
  return events;
}

/**
 * After a page: subscribers that are being served get the time to take it, so that only those
 * whose sockets do not take more fall behind.
 */
async function letFollow(log: EventLog<OrderMoment>, clock: Clock, signal: AbortSignal): Promise<void> {
  const giveUpAt = clock.monotonic() + LONGEST_WAIT_MS;
  let progress = -1;
  let stalledAt = clock.monotonic() + STALLED_MS;
  let turns = 0;
  for (;;) {
    const lagging = log.lagging();
    const now = clock.monotonic();
    if (lagging.places === 0 || now >= giveUpAt) return;
    turns += 1;
    if (lagging.progress !== progress) {
      stalledAt = now + STALLED_MS;
      turns = 0;
    } else if (now >= stalledAt && turns >= STALLED_TURNS) {
      return;
    }
    progress = lagging.progress;
    await pause(clock, 1, signal);
  }
}

function toAlert({ accountId, seq, at, recordedAt, event }: JournaledEvent): AlertEntry[] {
  if (event.type !== 'RISK_ALERT') return [];
  const { severity, code, message } = event;
  const alert: AlertRow = { seq, at, recordedAt, severity, code, message };
  return [{ accountId, seq, alert }];
}

function createReading(options: AccountTailOptions, closing: AbortSignal): AccountTail['read'] {
  const { readers, workspaceId, clock, telemetry, accountId } = options;

  async function once<T>(query: (reader: OrderReader) => Promise<T>): Promise<T> {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(READ_TIMEOUT_MS)]);
    const reader = readers.open(workspaceId, signal);
    try {
      return await query(reader);
    } finally {
      await reader.close().catch(() => undefined);
    }
  }

  return async (query) => {
    for (;;) {
      try {
        return await once(query);
      } catch (error) {
        closing.throwIfAborted();
        telemetry.count('account_tail_failures_total');
        telemetry.log('warn', 'a followed journal could not be read; trying again', { error, accountId });
        await pause(clock, RETRY_MS, closing);
      }
    }
  };
}
