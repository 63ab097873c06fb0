import { queryAsAdmin } from '../gateway/admin-database.ts';
import { areEqualBooks, readBooks, type ThreeBooks } from '../gateway/books.ts';
import { type Desk, insist } from '../gateway/desk.ts';
import type { Acknowledged, Trader } from '../gateway/trader.ts';
import { until } from '../gateway/until.ts';
import type { Cluster } from './cluster.ts';

/** Nothing is on its way, in doubt or pending any more. */
async function settled({ dataDir }: Cluster): Promise<void> {
  await until('the end of all doubts', async () => {
    const [row] = await queryAsAdmin<{ unsettled: number }>(
      dataDir,
      `SELECT count(*)::int AS unsettled FROM orders
        WHERE open AND (status IN ('INITIALIZED', 'SUBMITTED', 'IN_DOUBT')
           OR (state::jsonb -> 'pendingReplace') <> 'null' OR (state::jsonb -> 'pendingCancel') = 'true')`,
    );
    return row?.unsettled === 0;
  });
}

/** Throws unless venue, tables and API agree about an account, and its fills make its books. */
async function expectEqualBooks(cluster: Cluster, { accountId }: Desk): Promise<void> {
  const { dataDir, venue, client } = cluster;
  let books: ThreeBooks | undefined;
  try {
    // The last messages of the venue may be on their way.
    await until('equal books', async () => {
      books = await insist(() => readBooks({ dataDir, venue, client, accountId }));
      return areEqualBooks(books);
    });
  } catch (cause) {
    throw new Error(`the books differ: ${JSON.stringify(books, null, 1)}`, { cause });
  }
}

/** Throws when the venue did what we had ruled out: an order that was declared never sent, a fill out of nowhere. */
async function expectNoSurprise({ dataDir }: Cluster): Promise<void> {
  const rows = await queryAsAdmin(
    dataDir,
    `SELECT account_id, code, message FROM risk_alert
      WHERE severity = 'CRITICAL' AND code IN ('ORDER_ADOPTED', 'UNEXPECTED_VENUE_MESSAGE')`,
  );
  if (rows.length > 0) throw new Error(`the venue surprised us: ${JSON.stringify(rows, null, 1)}`);
}

/** Throws unless every order that a trader was told of is there as it was told, and no other. */
async function expectAcknowledged({ dataDir }: Cluster, trader: Trader): Promise<void> {
  const rows = await queryAsAdmin<{ id: string; client_order_id: string; status: string; open: boolean }>(
    dataDir,
    'SELECT id, client_order_id, status, open FROM orders WHERE account_id = $1',
    [trader.desk.accountId],
  );
  const byClientId = new Map(rows.map((row) => [row.client_order_id, row]));
  const isWrong = ({ clientOrderId, orderId, denial }: Acknowledged): boolean => {
    const row = byClientId.get(clientOrderId);
    if (orderId === null) return row !== undefined;
    return row?.id !== orderId || (row.status === 'DENIED') !== (denial !== null);
  };
  const wrong = trader.acknowledged.filter(isWrong);
  const survivors = rows.filter(({ id, open }) => open && trader.canceled.has(id));
  if (byClientId.size !== rows.length || wrong.length > 0 || survivors.length > 0) {
    const twice = rows.length - byClientId.size;
    throw new Error(`acknowledged and not so: ${JSON.stringify({ twice, wrong, survivors }, null, 1)}`);
  }
}

/**
 * The market stands and traders pause; then nothing is left open to doubt, the books of venue, tables, API
 * and fills are one, what was acknowledged is there, and no chain is broken. Throws what is not so.
 */
export async function expectAllWell(cluster: Cluster, traders: readonly Trader[]): Promise<void> {
  await Promise.all(traders.map((trader) => trader.pause()));
  await cluster.venue.hold();
  await settled(cluster);
  for (const trader of traders) {
    await expectEqualBooks(cluster, trader.desk);
    await expectAcknowledged(cluster, trader);
  }
  await expectNoSurprise(cluster);
  await cluster.verify();
}

/** The same for accounts without a trader. */
export async function expectBooks(cluster: Cluster, desks: readonly Desk[]): Promise<void> {
  await cluster.venue.hold();
  await settled(cluster);
  for (const desk of desks) await expectEqualBooks(cluster, desk);
  await expectNoSurprise(cluster);
  await cluster.verify();
}
