import { queryAsAdmin } from './admin-database.ts';
import type { ApiClient } from './api-client.ts';

export interface FollowedEvent {
  readonly cursor: string;
  readonly type: string;
  readonly order: { readonly id: string; readonly status: string; readonly filledQuantity: string };
  readonly fill: { readonly executionId: string } | null;
}

/** A document that follows an account ($id) after a cursor ($after); `more` are fields beside those of FollowedEvent. */
export const followQuery = (more = ''): string => `subscription($id: ID!, $after: String) {
  orderEvents(accountId: $id, after: $after) {
    cursor type order { id status filledQuantity } fill { executionId } ${more} } }`;

/** The journal sequence in a cursor. Clients have no business to look at it. */
export function sequenceOf(cursor: string): number {
  const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as readonly unknown[];
  return Number(parts.at(-1));
}

/** Cursors of the events of an order, as its history tells them. */
export async function cursorsOf(client: ApiClient, orderId: string): Promise<readonly string[]> {
  const { order } = await client.ask<{ order: { events: { nodes: { cursor: string }[] } } }>(
    'query($id: ID!) { order(id: $id) { events(first: 500) { nodes { cursor } } } }',
    { id: orderId },
  );
  return order.events.nodes.map(({ cursor }) => cursor);
}

/** Follows the order events of an account; whenever its connection ends it goes on after its last cursor. */
export interface OrderFollower {
  /** As they came. */
  readonly events: readonly FollowedEvent[];
  /** How often it has connected. */
  readonly connections: number;
  stop(): Promise<void>;
}

export interface OrderFollowerOptions {
  readonly client: ApiClient;
  readonly accountId: string;
  readonly after: string;
  readonly query?: string;
  /** Called after each event was taken. */
  readonly onEvent?: () => void;
}

export function followOrderEvents(options: OrderFollowerOptions): OrderFollower {
  const { client, accountId, query = followQuery(), onEvent } = options;
  const events: FollowedEvent[] = [];
  let { after } = options;
  let connections = 0;
  let end = (): void => undefined;
  const stopping = new AbortController();

  /** Until the connection ends, however it does. */
  const once = async (): Promise<void> => {
    connections += 1;
    const socket = client.socket({ lazy: true });
    await new Promise<void>((resolve) => {
      end = resolve;
      socket.subscribe<{ orderEvents: FollowedEvent }>(
        { query, variables: { id: accountId, after } },
        {
          next({ data }) {
            if (data === null || data === undefined) return;
            events.push(data.orderEvents);
            after = data.orderEvents.cursor;
            onEvent?.();
          },
          error: () => {
            resolve();
          },
          complete: resolve,
        },
      );
    });
    await socket.dispose();
  };

  const running = (async () => {
    while (!stopping.signal.aborted) await once();
  })();

  return {
    events,
    get connections() {
      return connections;
    },
    async stop() {
      stopping.abort();
      end();
      await running;
    },
  };
}

/** An order event as the stream and the journal can both tell it. */
export interface JournalLine {
  readonly seq: number;
  readonly type: string;
  readonly orderId: string;
  readonly executionId: string | null;
}

export const lineOf = ({ cursor, type, order, fill }: FollowedEvent): JournalLine => ({
  seq: sequenceOf(cursor),
  type,
  orderId: order.id,
  executionId: fill?.executionId ?? null,
});

/** Of an account after a sequence; fees and what brings orders back to memory are not shown to clients. */
export async function journalLines(
  dataDir: string,
  accountId: string,
  afterSeq: number,
): Promise<readonly JournalLine[]> {
  const rows = await queryAsAdmin<{
    seq: string;
    type: string;
    order_id: string;
    execution_id: string | null;
  }>(
    dataDir,
    `SELECT seq::text, type, order_id, payload::jsonb ->> 'executionId' AS execution_id FROM journal_event
      WHERE account_id = $1 AND seq > $2 AND order_id IS NOT NULL
        AND type NOT IN ('RECALLED', 'FEE_CHARGED', 'RISK_ALERT') ORDER BY journal_event.seq`,
    [accountId, afterSeq],
  );
  return rows.map(({ seq, type, order_id, execution_id }) => ({
    seq: Number(seq),
    type,
    orderId: order_id,
    executionId: execution_id,
  }));
}
