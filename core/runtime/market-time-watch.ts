import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';

/** An account whose time stands still until its market comes to it. Instants, ms. */
export interface AccountAhead {
  readonly accountId: string;
  readonly accountAt: number;
  readonly marketAt: number;
}

/** What a market may be late by without anything being wrong, ms. */
const MOST_AHEAD_MS = 3_600_000;

type Watched = Pick<AccountActor, 'phase' | 'state'> & {
  readonly entry: Pick<AccountActor['entry'], 'accountId'>;
};

/**
 * An account's time never goes back. One that has seen later dates, of a feed that was taken away again, say, keeps
 * them: until its market is there, no order of it expires and no day of its limits ends. Answers with those more than
 * an hour ahead, and logs each once as long as it is.
 */
export function watchMarketTime<A extends Watched>(
  telemetry: Pick<Telemetry, 'log'>,
  marketTimeOf: (actor: A) => number,
): (actors: readonly A[]) => readonly AccountAhead[] {
  const told = new Set<string>();
  return (actors) => {
    const ahead = actors.flatMap((actor): AccountAhead[] => {
      const marketAt = marketTimeOf(actor);
      const accountAt = actor.state?.at ?? 0;
      const isKnown = actor.phase === 'open' && marketAt > 0;
      if (!isKnown || accountAt - marketAt <= MOST_AHEAD_MS) return [];
      return [{ accountId: actor.entry.accountId, accountAt, marketAt }];
    });
    const now = new Set(ahead.map(({ accountId }) => accountId));
    for (const accountId of told) if (!now.has(accountId)) told.delete(accountId);
    for (const { accountId, accountAt, marketAt } of ahead) {
      if (told.has(accountId)) continue;
      told.add(accountId);
      telemetry.log(
        'warn',
        'the time of an account is ahead of its market: it stands still until the market is there',
        {
          ...{ account: accountId, accountTime: iso(accountAt), marketTime: iso(marketAt) },
        },
      );
    }
    return ahead;
  };
}

const iso = (at: number): string => new Date(at).toISOString();
