import type { AccountState } from '../engine/account-state.ts';
import type { ArchiveView } from '../engine/decide-context.ts';
import type { Order } from '../orders/order.ts';
import type { Clock } from '../ports/clock.ts';
import { type ArchiveNeeds, clientIdNeeds, orderNeeds } from './archive-needs.ts';
import type { ArchivePrefetch } from './archive-prefetch.ts';
import { EMPTY_ARCHIVE } from './archive-view.ts';
import type { ClientWork, SystemWork, Work } from './work.ts';

/**
 * Holds a work back until what its decision needs of the archive is there. The archive knows what is
 * committed; the state what is decided. Two rules close the gap between them:
 *
 * - A client id is asked for when its request arrives, and the answer is good for ANSWER_MS. Orders
 *   younger than RECENT_MS are remembered here, so one that was made, done and forgotten since the
 *   archive was asked is still found. RECENT_MS is more than ANSWER_MS and an append together take.
 * - Orders and fills are asked for only when everything decided is committed, and nothing is decided
 *   until they are there.
 */
export interface ArchiveGate {
  /** Asks early, so that the requests of a moment share a query. */
  arrive(work: ClientWork, state: AccountState): void;
  /** What the decision may look at; null while it is on its way (`wake` follows). */
  admit(work: ClientWork | SystemWork, state: AccountState, isAllCommitted: boolean): ArchiveView | null;
  /** An order was made. */
  remember(order: Order): void;
  /** What was decided is void: all answers are asked for anew. */
  reset(): void;
}

export interface ArchiveGateOptions {
  readonly accountId: string;
  readonly prefetch: ArchivePrefetch;
  readonly clock: Clock;
  readonly venueIdPrefix: string;
  wake(): void;
}

const ANSWER_MS = 2_000;
const RECENT_MS = 15_000;
const PURGE_MS = 1_000;

interface Answer {
  /** Null while on its way. */
  view: ArchiveView | null;
  readonly askedAt: number;
  readonly byClientId: boolean;
}

export function createArchiveGate(options: ArchiveGateOptions): ArchiveGate {
  const { clock, prefetch, accountId } = options;
  let answers = new WeakMap<Work, Answer>();
  /** By client id, oldest first. */
  let purgeAt = 0;
  const recent = new Map<string, { readonly order: Order; readonly at: number }>();

  function ask(work: ClientWork | SystemWork, needs: ArchiveNeeds): void {
    const answer: Answer = {
      view: null,
      askedAt: clock.monotonic(),
      byClientId: needs.clientOrderIds.length > 0,
    };
    answers.set(work, answer);
    prefetch.request(accountId, needs, (view) => {
      answer.view = withRecent(view);
      options.wake();
    });
  }

  function withRecent(view: ArchiveView): ArchiveView {
    return { ...view, orderByClientId: (id) => recent.get(id)?.order ?? view.orderByClientId(id) };
  }

  const unknownIds = (state: AccountState, work: ClientWork): readonly string[] =>
    clientIdNeeds(state, work.commands).filter((id) => !recent.has(id));

  const justRemembered = withRecent(EMPTY_ARCHIVE);

  return {
    arrive(work, state) {
      const clientOrderIds = unknownIds(state, work);
      if (clientOrderIds.length > 0) {
        ask(work, { clientOrderIds, orderIds: [], bust: null });
      }
    },
    admit(work, state, isAllCommitted) {
      const answer = answers.get(work);
      if (answer?.view === null) {
        return null;
      }
      if (answer !== undefined && !(answer.byClientId && clock.monotonic() - answer.askedAt > ANSWER_MS)) {
        return answer.view;
      }
      const commands = work.kind === 'client' ? work.commands : [work.command];
      const clientOrderIds = work.kind === 'client' ? unknownIds(state, work) : [];
      const needs = orderNeeds(state, commands, options.venueIdPrefix);
      const needsOrders = needs.orderIds.length > 0 || needs.bust !== null;
      if (clientOrderIds.length === 0 && !needsOrders) {
        return justRemembered;
      }
      if (!needsOrders || isAllCommitted) {
        ask(work, { ...needs, clientOrderIds });
      }
      return null;
    },
    remember(order) {
      const now = clock.monotonic();
      recent.set(order.clientOrderId, { order, at: now });
      if (now < purgeAt) {
        return;
      }
      purgeAt = now + PURGE_MS;
      for (const [id, { at }] of recent) {
        if (now - at <= RECENT_MS) {
          break;
        }
        recent.delete(id);
      }
    },
    reset() {
      answers = new WeakMap();
      recent.clear();
    },
  };
}
