import type { ArchiveView } from '../engine/decide-context.ts';
import type { OrderRecord } from '../orders/order-record.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderArchive } from '../ports/order-archive.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { ArchiveNeeds } from './archive-needs.ts';
import { createArchiveView } from './archive-view.ts';
import { withDeadline } from './deadline.ts';

/** Loads what decisions need of orders that have left memory, for all accounts in one query. */
export interface ArchivePrefetch {
  /** Calls `done` once it is there, however long the archive is away. */
  request(accountId: string, needs: ArchiveNeeds, done: (view: ArchiveView) => void): void;
  close(): void;
}

interface Request {
  readonly accountId: string;
  readonly needs: ArchiveNeeds;
  readonly done: (view: ArchiveView) => void;
}

export interface ArchivePrefetchOptions {
  readonly archive: OrderArchive;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly timeoutMs: number;
}

const RETRY_MS = 250;

/** One query is under way at a time; what is asked for meanwhile goes into the next. */
export function createArchivePrefetch({
  archive,
  clock,
  telemetry,
  timeoutMs,
}: ArchivePrefetchOptions): ArchivePrefetch {
  let waiting: Request[] = [];
  let isBusy = false;
  let isClosed = false;

  function start(): void {
    if (isBusy || isClosed || waiting.length === 0) {
      return;
    }
    isBusy = true;
    // A turn later, so that everything that arrives together is asked for together.
    void Promise.resolve()
      .then(() => {
        const batch = waiting;
        waiting = [];
        return load(batch).catch((error: unknown) => {
          telemetry.log('warn', 'the order archive did not answer', { error });
          waiting = [...batch, ...waiting];
          return new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
        });
      })
      .then(() => {
        isBusy = false;
        start();
      });
  }

  async function load(batch: readonly Request[]): Promise<void> {
    const views = await withDeadline(clock, timeoutMs, 'the order archive', (signal) =>
      loadViews(archive, batch, signal),
    );
    batch.forEach(({ done }, index) => {
      const view = views[index];
      if (view !== undefined && !isClosed) {
        done(view);
      }
    });
  }

  return {
    request(accountId, needs, done) {
      waiting.push({ accountId, needs, done });
      start();
    },
    close() {
      isClosed = true;
      waiting = [];
    },
  };
}

type Found = readonly { readonly accountId: string; readonly record: OrderRecord }[];

async function loadViews(
  archive: OrderArchive,
  batch: readonly Request[],
  signal: AbortSignal,
): Promise<ArchiveView[]> {
  const clientIds = batch.flatMap(({ accountId, needs }) =>
    needs.clientOrderIds.map((clientOrderId) => ({ accountId, clientOrderId })),
  );
  const orderIds = batch.flatMap(({ accountId, needs }) =>
    needs.orderIds.map((orderId) => ({ accountId, orderId })),
  );
  const [byClientId, byId] = await Promise.all([
    clientIds.length === 0 ? [] : archive.byClientIds(clientIds, signal),
    orderIds.length === 0 ? [] : archive.byIds(orderIds, signal),
  ]);
  const found: Found = [...byClientId, ...byId];
  const family = familyOf(found);
  const all = family.length === 0 ? found : [...found, ...(await archive.byIds(family, signal))];

  return Promise.all(
    batch.map(async ({ accountId, needs }) => {
      const records = all.filter((each) => each.accountId === accountId).map(({ record }) => record);
      if (needs.bust === null) {
        return createArchiveView(records, []);
      }
      const { orderId, symbol } = needs.bust;
      const known = symbol ?? records.find(({ id }) => id === orderId)?.symbol;
      return createArchiveView(
        records,
        known === undefined ? [] : await archive.fillsOf(accountId, known, signal),
      );
    }),
  );
}

/** Members of the brackets that were found: they leave memory together and are needed together. */
function familyOf(found: Found): { accountId: string; orderId: string }[] {
  const wanted = new Map<string, { accountId: string; orderId: string }>();
  for (const { accountId, record } of found) {
    for (const orderId of [...record.legIds, ...(record.parentId === null ? [] : [record.parentId])]) {
      wanted.set(`${accountId}/${orderId}`, { accountId, orderId });
    }
  }
  for (const { accountId, record } of found) {
    wanted.delete(`${accountId}/${record.id}`);
  }
  return [...wanted.values()];
}
