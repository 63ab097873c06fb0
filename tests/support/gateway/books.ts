import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { parseVenueOrderId } from '../../../core/orders/venue-order-id.ts';
import { fillNotional, foldPosition } from '../../../core/portfolio/apply-fill.ts';
import type { LedgerView } from '../../../plugins/broker-simulated/src/server/account-views.ts';
import { queryAsAdmin } from './admin-database.ts';
import type { ApiClient } from './api-client.ts';
import { deskOf, FILL_FIELDS } from './desk.ts';
import type { AccountData, FillData } from './desk-data.ts';
import type { VenueControl } from './venue-control.ts';

/** What was traded in an account, in words that ledgers of any origin can be put in. */
export interface Books {
  /** By execution id: `<order> <side> <symbol> <quantity>@<price> fee <fee>`, or "busted" instead of a fee. */
  readonly executions: Readonly<Record<string, string>>;
  /** Quantities by symbol, those without one left out. */
  readonly positions: Readonly<Record<string, string>>;
  readonly cash: string;
  /** Ids of orders that work at the venue. */
  readonly working: readonly string[];
}

const canonical = (text: string): string => formatDecimal(parseDecimal(text));

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

interface Execution {
  readonly order: string;
  readonly side: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string | null;
  readonly busted: boolean;
}

/** The fee of a fill that was taken back is given back, and some still name it and some do not. */
const textOf = ({ order, side, symbol, quantity, price, fee, busted }: Execution): string =>
  `${order} ${side} ${symbol} ${canonical(quantity)}@${canonical(price)} ` +
  (busted ? 'busted' : `fee ${canonical(fee ?? '0')}`);

const positionsOf = (rows: readonly { readonly symbol: string; readonly quantity: string }[]) =>
  sorted(
    rows.flatMap(({ symbol, quantity }) =>
      parseDecimal(quantity) === 0n ? [] : [[symbol, canonical(quantity)] as const],
    ),
  );

const LIVE = new Set(['HELD', 'WORKING', 'TRIGGERED']);

/** The venue's word. Throws when one of our orders is there twice. */
export function venueBooks(ledger: LedgerView, venuePrefix: string): Books {
  const orderOf = (venueOrderId: string | null): string =>
    (venueOrderId === null ? null : parseVenueOrderId(venuePrefix, venueOrderId)?.orderId) ?? 'foreign';
  const byBrokerId = new Map(ledger.orders.map((order) => [order.brokerOrderId, order]));
  const seen = new Map<string, string>();
  for (const { venueOrderId, status } of ledger.orders) {
    if (venueOrderId === null || status === 'REPLACED' || status === 'REJECTED') continue;
    const order = orderOf(venueOrderId);
    const other = seen.get(order);
    if (other !== undefined) {
      throw new Error(`order ${order} is at the venue twice: ${other}, ${venueOrderId}`);
    }
    seen.set(order, venueOrderId);
  }
  return {
    executions: sorted(
      ledger.executions.map((execution) => {
        const order = orderOf(byBrokerId.get(`V${String(execution.orderId)}`)?.venueOrderId ?? null);
        return [execution.executionId, textOf({ ...execution, order })] as const;
      }),
    ),
    positions: positionsOf(ledger.positions),
    cash: canonical(ledger.balances[0]?.total ?? '0'),
    working: ledger.orders
      .filter(({ status }) => LIVE.has(status))
      .map(({ venueOrderId }) => orderOf(venueOrderId))
      .sort(),
  };
}

interface FillRow extends Execution {
  readonly execution_id: string;
}

/** One statement, so that all is of one moment. */
const BOOKS = `SELECT
  (SELECT coalesce(json_agg(f ORDER BY f.seq), '[]') FROM
    (SELECT seq, execution_id, order_id AS "order", side, symbol, quantity::text, price::text, fee::text, busted
       FROM fill WHERE account_id = $1) f) AS fills,
  (SELECT coalesce(json_agg(id ORDER BY id), '[]') FROM orders WHERE account_id = $1 AND open AND status IN
    ('SUBMITTED', 'IN_DOUBT', 'ACCEPTED', 'PARTIALLY_FILLED', 'TRIGGERED')) AS working,
  (SELECT coalesce(json_agg(p), '[]') FROM
    (SELECT symbol, quantity::text, cost::text, realized_pnl::text, multiplier::text, currency
       FROM position WHERE account_id = $1) p) AS positions,
  (SELECT coalesce(json_agg(b), '[]') FROM
    (SELECT total::text, fees::text, transfers::text FROM balance WHERE account_id = $1) b) AS balances`;

interface BalanceRow {
  readonly total: string;
  readonly fees: string;
  readonly transfers: string;
}

interface BookRows {
  readonly fills: readonly FillRow[];
  readonly working: readonly string[];
  readonly positions: readonly PositionRow[];
  readonly balances: readonly BalanceRow[];
}

interface PositionRow {
  readonly symbol: string;
  readonly quantity: string;
  readonly cost: string;
  readonly realized_pnl: string;
  readonly multiplier: string;
  readonly currency: string;
}

/** The gateway's word, from its tables. Throws when it is not the fold of its own fills. */
export async function databaseBooks(dataDir: string, accountId: string): Promise<Books> {
  const [rows] = await queryAsAdmin<BookRows>(dataDir, BOOKS, [accountId]);
  if (rows === undefined) throw new Error('the query has no answer');
  const { fills, working, positions, balances } = rows;
  const balance = balances[0] ?? { total: '0', fees: '0', transfers: '0' };
  requireFold(fills, positions, balance);
  return {
    executions: sorted(fills.map((fill) => [fill.execution_id, textOf(fill)] as const)),
    positions: positionsOf(positions),
    cash: canonical(balance.total),
    working: [...working],
  };
}

function requireFold(
  fills: readonly FillRow[],
  positions: readonly PositionRow[],
  balance: BalanceRow,
): void {
  const counted = fills.filter(({ busted }) => !busted);
  // A bust is booked as a trade of its own: then only quantities and money can be folded from what is left.
  const exact = counted.length === fills.length;
  let cash = parseDecimal(balance.transfers);
  let fees = 0n;
  for (const { symbol, quantity, cost, realized_pnl, multiplier, currency } of positions) {
    const own = counted
      .filter((fill) => fill.symbol === symbol)
      .map((fill) => ({
        side: fill.side as 'BUY' | 'SELL',
        price: parseDecimal(fill.price),
        quantity: parseDecimal(fill.quantity),
        fee: parseDecimal(fill.fee ?? '0'),
      }));
    for (const fill of own) {
      const notional = fillNotional(fill.price, fill.quantity, parseDecimal(multiplier));
      cash += (fill.side === 'BUY' ? -notional : notional) - fill.fee;
      fees += fill.fee;
    }
    const folded = foldPosition({ symbol, currency, multiplier: parseDecimal(multiplier) }, own);
    const booked = [quantity, cost, realized_pnl].map(canonical).join(' ');
    const expected = [folded.quantity, folded.cost, folded.realizedPnl].map(formatDecimal).join(' ');
    if (exact ? booked !== expected : canonical(quantity) !== formatDecimal(folded.quantity)) {
      throw new Error(`${symbol} is booked as ${booked}, and its fills make ${expected}`);
    }
  }
  if (formatDecimal(cash) !== canonical(balance.total) || formatDecimal(fees) !== canonical(balance.fees)) {
    throw new Error(
      `cash is ${balance.total} with fees ${balance.fees}; the fills make ${formatDecimal(cash)} and ${formatDecimal(fees)}`,
    );
  }
}

const API_FILLS = `query($id: ID!, $after: String) { fills(accountId: $id, first: 500, after: $after) {
  nodes { ${FILL_FIELDS} } pageInfo { hasNextPage endCursor } } }`;
const API_OPEN = `query($id: ID!, $after: String) {
  orders(accountId: $id, first: 500, after: $after, filter: { open: true }) {
    nodes { id side symbol status heldAt } pageInfo { hasNextPage endCursor } } }`;

interface ConnectionOf<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All nodes of a connection, page by page. */
export async function allPages<T>(
  client: ApiClient,
  query: string,
  field: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<readonly T[]> {
  const nodes: T[] = [];
  for (let after: string | null = null; ;) {
    const answer: Record<string, ConnectionOf<T>> = await client.ask(query, { ...variables, after });
    const page = answer[field];
    if (page === undefined) throw new Error(`${field} is not in the answer`);
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

/** The gateway's word, as its API tells it; executions without what only tables have. */
export async function apiBooks(
  client: ApiClient,
  accountId: string,
): Promise<Omit<Books, 'executions'> & { readonly fills: readonly string[]; readonly account: AccountData }> {
  const [fills, open, account] = await Promise.all([
    allPages<FillData>(client, API_FILLS, 'fills', { id: accountId }),
    allPages<{ id: string; heldAt: string | null; status: string }>(client, API_OPEN, 'orders', {
      id: accountId,
    }),
    deskOf(client, accountId).account(),
  ]);
  return {
    fills: fills.map((fill) => `${fill.executionId} ${fill.orderId} ${fill.quantity}@${fill.price}`).sort(),
    positions: positionsOf(account.positions),
    cash: canonical(account.cash),
    working: open
      .filter(({ status, heldAt }) => status !== 'HELD' && !(status === 'TRIGGERED' && heldAt === 'GATEWAY'))
      .map(({ id }) => id)
      .sort(),
    account,
  };
}

export async function venuePrefixOf(dataDir: string): Promise<string> {
  const [row] = await queryAsAdmin<{ venue_prefix: string }>(
    dataDir,
    'SELECT venue_prefix FROM installation',
  );
  if (row === undefined) throw new Error('the installation has no row');
  return row.venue_prefix;
}

export interface ThreeBooks {
  readonly venue: Books;
  readonly database: Books;
  readonly api: Awaited<ReturnType<typeof apiBooks>>;
}

/** Whether all three say the same. */
export const areEqualBooks = ({ venue, database, api }: ThreeBooks): boolean =>
  JSON.stringify(database) === JSON.stringify(venue) &&
  JSON.stringify(api.positions) === JSON.stringify(venue.positions) &&
  JSON.stringify(api.working) === JSON.stringify(venue.working) &&
  api.cash === venue.cash &&
  api.fills.length === Object.keys(venue.executions).length;

/** One account as the venue, the tables and the API have it at about the same moment. */
export async function readBooks(world: {
  readonly dataDir: string;
  readonly venue: VenueControl;
  readonly client: ApiClient;
  readonly accountId: string;
}): Promise<ThreeBooks> {
  const { dataDir, venue, client, accountId } = world;
  const prefix = await venuePrefixOf(dataDir);
  return {
    venue: venueBooks(await venue.ledger(accountId), prefix),
    database: await databaseBooks(dataDir, accountId),
    api: await apiBooks(client, accountId),
  };
}
