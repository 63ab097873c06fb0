import { setTimeout as sleep } from 'node:timers/promises';

import { queryAsAdmin, verifyChains } from './admin-database.ts';
import { type ApiClient, signIn } from './api-client.ts';
import { areEqualBooks, readBooks, type ThreeBooks } from './books.ts';
import { type Desk, openDesk } from './desk.ts';
import type { OrderData } from './desk-data.ts';
import { type LocalGateway, startLocalGateway } from './local-gateway.ts';
import { PATIENCE_MS, until } from './until.ts';
import { controlVenue, type VenueControl } from './venue-control.ts';

/** A gateway in this process, and a market that moves only when the test says so. */
export interface Floor {
  readonly local: LocalGateway;
  readonly client: ApiClient;
  readonly venue: VenueControl;
  openDesk(
    input?: Readonly<Record<string, unknown>>,
    limits?: Readonly<Record<string, unknown>>,
  ): Promise<Desk>;
  /** Prices as the API shows them, that far away from the market; positive is up. */
  bid(symbol: string, away?: number): Promise<string>;
  ask(symbol: string, away?: number): Promise<string>;
  /** Moves the market minute by minute until all orders have one of these statuses. */
  moveUntil(
    desk: Desk,
    ids: readonly string[],
    ...statuses: readonly string[]
  ): Promise<readonly OrderData[]>;
  /** Moves the market to just after the close of its day. */
  moveUntilClose(): Promise<void>;
  /** Throws unless venue, tables and API agree about an account, and its fills make its books. */
  expectEqualBooks(desk: Desk): Promise<ThreeBooks>;
  /** Sees to it that nothing is missing or changed in any journal, and closes the gateway. */
  close(): Promise<void>;
}

const MINUTE = 60_000;
/** Ten seconds after a close the clock of the venue goes on shortly before the next open. */
const AFTER_CLOSE_MS = 2_000;
/** The venue tells quotes four times a second; what it says reaches the gateway at once. */
const QUOTE_MS = 300;

export async function openFloor(env: Readonly<Record<string, string>> = {}): Promise<Floor> {
  const local = await startLocalGateway(env);
  const client = await signIn(() => local.address, local.demo);
  const venue = controlVenue(local.dataDir);
  await venue.hold();
  await venue.advance(MINUTE);

  const price = async (side: 'bid' | 'ask', symbol: string, away: number): Promise<string> => {
    const { quote } = await client.ask<{ quote: { bid: string; ask: string } | null }>(
      'query($symbol: String!) { quote(symbol: $symbol) { bid ask } }',
      { symbol },
    );
    if (quote === null) throw new Error(`there is no quote of ${symbol}`);
    return (Number(quote[side]) + away).toFixed(2);
  };

  const market = async (): Promise<{ readonly session: string; readonly nextChangeAt: string }> =>
    (
      await client.ask<{ market: { session: string; nextChangeAt: string } }>(
        '{ market { session nextChangeAt } }',
      )
    ).market;

  return {
    local,
    client,
    venue,
    openDesk: (input, limits) => openDesk(client, input, limits),
    bid: (symbol, away = 0) => price('bid', symbol, away),
    ask: (symbol, away = 0) => price('ask', symbol, away),
    async moveUntil(desk, ids, ...statuses) {
      let orders: readonly OrderData[] = [];
      for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
        await venue.advance(MINUTE);
        await sleep(QUOTE_MS);
        orders = await Promise.all(ids.map((id) => desk.order(id)));
        if (orders.every(({ status }) => statuses.includes(status))) return orders;
      }
      const left = orders.filter(({ status }) => !statuses.includes(status));
      throw new Error(`the market did not bring it about: ${JSON.stringify(left)}`);
    },
    async moveUntilClose() {
      const before = await market();
      if (before.session !== 'OPEN') throw new Error(`the market is ${before.session}`);
      await venue.advance(Date.parse(before.nextChangeAt) - (await venue.now()) + AFTER_CLOSE_MS);
      await until('word of the close', async () => (await market()).session !== 'OPEN');
    },
    async expectEqualBooks({ accountId }) {
      let books: ThreeBooks | undefined;
      try {
        return await until('equal books', async () => {
          books = await readBooks({ dataDir: local.dataDir, venue, client, accountId });
          return areEqualBooks(books) ? books : null;
        });
      } catch (cause) {
        throw new Error(`the books differ: ${JSON.stringify(books, null, 1)}`, { cause });
      }
    },
    async close() {
      try {
        const { dataDir } = local;
        await verifyChains(dataDir);
        const [row] = await queryAsAdmin<{ holes: number }>(
          dataDir,
          `SELECT count(*)::int AS holes FROM account_head h
            WHERE h.seq <> (SELECT count(*) FROM journal_event e WHERE e.account_id = h.account_id)`,
        );
        if (row?.holes !== 0) throw new Error('a journal has a hole');
      } finally {
        await local.close();
      }
    },
  };
}
