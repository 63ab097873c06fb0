import type { Broker, VenueBalance, VenuePosition } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import { compareWithVenue, type Difference } from '../risk/reconciliation.ts';
import type { AccountActor } from './account-actor.ts';
import { fetchFills } from './account-sync.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { withDeadline } from './deadline.ts';

export interface ReconcilerOptions {
  readonly env: BrokerEnvironment;
  readonly actor: AccountActor;
  /** Nothing of the account is on its way to or from the venue. */
  readonly isSettled: () => boolean;
}

/**
 * Compares positions and cash with the broker's, when nothing is under way that could explain a
 * difference. One that is there twice in a row with the same figures, and for longer than the grace, is
 * a mismatch: the engine is given the venue's figures, blocks entries and raises the alarm. When a
 * mismatch has gone, it is given them again and lifts the block. Our own figures are never overwritten.
 */
export interface Reconciler {
  look(broker: Broker): Promise<void>;
  /** Differences of the last look, within or past the grace. */
  readonly differences: number;
}

interface Seen {
  readonly figures: string;
  readonly since: number;
  readonly looks: number;
}

export function createReconciler({ env, actor, isSettled }: ReconcilerOptions): Reconciler {
  const { clock, times } = env;
  let seen = new Map<string, Seen>();

  function note(differences: readonly Difference[], now: number): void {
    const next = new Map<string, Seen>();
    for (const difference of differences) {
      const key = keyOf(difference);
      const figures = `${String(difference.ours)}/${String(difference.theirs)}`;
      const before = seen.get(key);
      next.set(
        key,
        before?.figures === figures
          ? { ...before, looks: before.looks + 1 }
          : { figures, since: now, looks: 1 },
      );
    }
    seen = next;
  }

  const hasOutlasted = (key: string, now: number): boolean => {
    const known = seen.get(key);
    return known !== undefined && known.looks >= 2 && now - known.since >= times.mismatchGraceMs;
  };

  /** What the engine has to hear: a mismatch that is new or has other figures, or one that has gone. */
  function hasNews(state: AccountState, differences: readonly Difference[], now: number): boolean {
    const isNew = differences.some((difference) => {
      const known = state.mismatches.get(keyOf(difference));
      const isKnown = known?.ours === difference.ours && known.theirs === difference.theirs;
      return !isKnown && hasOutlasted(keyOf(difference), now);
    });
    return isNew || [...state.mismatches.keys()].some((key) => !seen.has(key));
  }

  async function look(broker: Broker): Promise<void> {
    const account = actor.entry.accountId;
    if (!isSettled() || actor.state === null) {
      return;
    }
    await fetchFills(env, broker, actor);
    if (!isSettled()) {
      return;
    }
    const seq = actor.state.seq;
    const [positions, balances] = await withDeadline(
      clock,
      times.requestTimeoutMs,
      'positions and balances',
      (signal) => Promise.all([broker.positions(account, signal), broker.balances(account, signal)]),
    );
    const state = actor.state as typeof actor.state | null;
    // Something moved while the figures were on their way: they are of no instant of ours.
    if (state === null || state.seq !== seq || !isSettled()) {
      return;
    }
    const differences = compareWithVenue(state, positions, balances);
    const now = clock.monotonic();
    note(differences, now);
    if (hasNews(state, differences, now)) {
      const inGrace = differences.filter(
        (difference) => !hasOutlasted(keyOf(difference), now) && !state.mismatches.has(keyOf(difference)),
      );
      actor.post({ kind: 'venueSnapshot', ...withOurs(positions, balances, inGrace) });
    }
  }

  return {
    look,
    get differences() {
      return seen.size;
    },
  };
}

const keyOf = ({ symbol, currency }: Difference): string => symbol ?? `cash:${currency ?? ''}`;

/** The venue's figures, with ours where a difference still has time to go by itself. */
function withOurs(
  positions: readonly VenuePosition[],
  balances: readonly VenueBalance[],
  inGrace: readonly Difference[],
): { positions: readonly VenuePosition[]; balances: readonly VenueBalance[] } {
  const symbols = new Map<string, string>();
  const currencies = new Map<string, string>();
  for (const { symbol, currency, ours } of inGrace) {
    if (symbol !== null) {
      symbols.set(symbol, formatDecimal(ours));
    } else if (currency !== null) {
      currencies.set(currency, formatDecimal(ours));
    }
  }
  return {
    positions: [
      ...positions.filter(({ symbol }) => !symbols.has(symbol)),
      ...[...symbols].map(([symbol, quantity]) => ({ symbol, quantity })),
    ],
    balances: [
      ...balances.filter(({ currency }) => !currencies.has(currency)),
      ...[...currencies].map(([currency, total]) => ({ currency, total })),
    ],
  };
}
