import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { BY_INDEX, CREATE_ACCOUNTS, FENCE, TAKE_OVER } from './journal-fence.ts';

/*
 * journal_append writes a batch of many accounts in one round trip: one call, one transaction.
 *
 * Each parameter is a table as text, written by gateway/database/journal/append-tables.ts: columns
 * between U+001D, every item of a column followed by U+001F, U+001E for null. This costs neither side
 * any quoting, so that it is a good deal faster than arrays or JSON. The column order here and there
 * is the same; append-tables.ts names the columns.
 *
 * A connection plans these statements once, often while the tables are still empty, and keeps the plans:
 * reading or hashing a whole table looks right then, and is ruinous a million rows later. So every row is
 * found by an index (BY_INDEX), and `account_id || ''` keeps a plan from an index of all that an account
 * ever had when the row's own key is known.
 */
const ITEMS = `
CREATE OR REPLACE FUNCTION journal_items(p_column text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT trim_array(string_to_array(p_column, E'\\x1f', E'\\x1e'), 1) $$;
`;

const APPEND = `
CREATE OR REPLACE FUNCTION journal_append(
    p_heads text, p_creates boolean, p_events text, p_payloads text, p_accounts text, p_new_orders text, p_orders text,
    p_fills text, p_fill_updates text, p_positions text, p_balances text, p_equity_days text, p_alerts text, p_audits text,
    p_strategies text DEFAULT '')
  RETURNS text[]
  LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan ${BY_INDEX}
  AS $$
DECLARE
  passed text[];
  -- Whether every account passed: the usual case, in which no row has to be looked at.
  every boolean;
  missing boolean;
  c text[];
BEGIN
  IF p_creates THEN
    PERFORM journal_create_accounts(p_heads, p_accounts);
  END IF;
  passed := journal_fence(p_heads);
  IF cardinality(passed) = 0 THEN
    RETURN passed;
  END IF;
  every := cardinality(passed) = cardinality(journal_items(split_part(p_heads, E'\\x1d', 1)));

  c := string_to_array(p_accounts, E'\\x1d');
  IF c <> '{}' THEN
    UPDATE account t
       SET name = r.name, environment = r.environment, base_currency = r.base_currency,
           trading_state = r.trading_state, limits = r.limits, day = r.day, day_open_equity = r.day_open_equity,
           peak_equity = r.peak_equity, reserved_notional = r.reserved_notional, realized_pnl = r.realized_pnl, seq = r.seq
      FROM unnest(
        journal_items(c[1]), journal_items(c[2]), journal_items(c[3]), journal_items(c[5]), journal_items(c[6]),
        journal_items(c[7]), journal_items(c[8]), journal_items(c[9]), journal_items(c[10])::numeric[],
        journal_items(c[11])::numeric[], journal_items(c[12]), journal_items(c[13])::numeric[],
        journal_items(c[14])::bigint[])
        r (account_id, workspace_id, name, environment, base_currency, trading_state, limits, day, day_open_equity,
           peak_equity, reserved_notional, realized_pnl, seq)
     WHERE t.account_id = r.account_id AND t.workspace_id = r.workspace_id
       AND (every OR r.account_id = ANY (passed));
  END IF;

  c := string_to_array(p_events, E'\\x1d');
  INSERT INTO journal_event (account_id, seq, workspace_id, at, recorded_at, schema, order_id, type, actor,
                             correlation_id, causation_id, traceparent, hash, payload)
    SELECT r.account_id, r.seq::bigint, r.workspace_id, r.at::bigint, r.recorded_at::bigint, r.schema::integer,
           r.order_id, r.type, r.actor, r.correlation_id, r.causation_id, r.traceparent, decode(r.hash, 'hex'), r.payload
      FROM (SELECT unnest(journal_items(c[1])) AS account_id, unnest(journal_items(c[2])) AS seq,
                   unnest(journal_items(c[3])) AS workspace_id, unnest(journal_items(c[4])) AS at,
                   unnest(journal_items(c[5])) AS recorded_at, unnest(journal_items(c[6])) AS schema,
                   unnest(journal_items(c[7])) AS order_id, unnest(journal_items(c[8])) AS type,
                   unnest(journal_items(c[9])) AS actor, unnest(journal_items(c[10])) AS correlation_id,
                   unnest(journal_items(c[11])) AS causation_id, unnest(journal_items(c[12])) AS traceparent,
                   unnest(journal_items(c[13])) AS hash, unnest(journal_items(p_payloads)) AS payload) r
     WHERE every OR r.account_id = ANY (passed);

  c := string_to_array(p_new_orders, E'\\x1d');
  IF c <> '{}' THEN
    INSERT INTO orders (id, account_id, workspace_id, client_order_id, symbol, strategy_id, parent_id, created_seq,
                        created_at, status, open, terms, state)
      SELECT r.id, r.account_id, r.workspace_id, r.client_order_id, r.symbol, r.strategy_id, r.parent_id,
             r.created_seq::bigint, r.created_at::bigint, r.status, r.open::boolean, r.terms, r.state
        FROM (SELECT unnest(journal_items(c[1])) AS id, unnest(journal_items(c[2])) AS account_id,
                     unnest(journal_items(c[3])) AS workspace_id, unnest(journal_items(c[4])) AS client_order_id,
                     unnest(journal_items(c[5])) AS symbol, unnest(journal_items(c[6])) AS strategy_id,
                     unnest(journal_items(c[7])) AS parent_id, unnest(journal_items(c[8])) AS created_seq,
                     unnest(journal_items(c[9])) AS created_at, unnest(journal_items(c[10])) AS status,
                     unnest(journal_items(c[11])) AS open, unnest(journal_items(c[12])) AS terms,
                     unnest(journal_items(c[13])) AS state) r
       WHERE every OR r.account_id = ANY (passed);
    INSERT INTO open_order (account_id, created_seq, workspace_id)
      SELECT r.account_id, r.created_seq::bigint, r.workspace_id
        FROM (SELECT unnest(journal_items(c[2])) AS account_id, unnest(journal_items(c[8])) AS created_seq,
                     unnest(journal_items(c[3])) AS workspace_id, unnest(journal_items(c[11])) AS open) r
       WHERE r.open::boolean AND (every OR r.account_id = ANY (passed));
  END IF;

  c := string_to_array(p_orders, E'\\x1d');
  IF c <> '{}' THEN
    WITH r AS MATERIALIZED (
      SELECT unnest(journal_items(c[1])) AS id, unnest(journal_items(c[2])) AS account_id,
             unnest(journal_items(c[3])) AS status, unnest(journal_items(c[4])) AS open,
             unnest(journal_items(c[5])) AS state
    ), changed AS (
      UPDATE orders t SET status = r.status, open = r.open::boolean, state = r.state
        FROM r WHERE t.id = r.id AND t.account_id || '' = r.account_id AND (every OR r.account_id = ANY (passed))
      RETURNING t.account_id, t.created_seq, t.workspace_id, t.open
    ), closed AS (
      DELETE FROM open_order p USING changed
       WHERE p.account_id = changed.account_id AND p.created_seq = changed.created_seq AND NOT changed.open
    ), opened AS (
      INSERT INTO open_order (account_id, created_seq, workspace_id)
        SELECT account_id, created_seq, workspace_id FROM changed WHERE open
      ON CONFLICT DO NOTHING
    )
    SELECT (SELECT count(*) FROM changed) <> (SELECT count(*) FROM r WHERE every OR r.account_id = ANY (passed)) INTO missing;
    IF missing THEN
      RAISE EXCEPTION 'an order that changes is not in the read model';
    END IF;
  END IF;

  c := string_to_array(p_fills, E'\\x1d');
  IF c <> '{}' THEN
    INSERT INTO fill (order_id, execution_id, account_id, workspace_id, seq, symbol, side, at, price, quantity, fee,
                      fee_currency, liquidity, busted)
      SELECT r.order_id, r.execution_id, r.account_id, r.workspace_id, r.seq::bigint, r.symbol, r.side, r.at::bigint,
             r.price::numeric, r.quantity::numeric, r.fee::numeric, r.fee_currency, r.liquidity, r.busted::boolean
        FROM (SELECT unnest(journal_items(c[1])) AS order_id, unnest(journal_items(c[2])) AS execution_id,
                     unnest(journal_items(c[3])) AS account_id, unnest(journal_items(c[4])) AS workspace_id,
                     unnest(journal_items(c[5])) AS seq, unnest(journal_items(c[6])) AS symbol,
                     unnest(journal_items(c[7])) AS side, unnest(journal_items(c[8])) AS at,
                     unnest(journal_items(c[9])) AS price, unnest(journal_items(c[10])) AS quantity,
                     unnest(journal_items(c[11])) AS fee, unnest(journal_items(c[12])) AS fee_currency,
                     unnest(journal_items(c[13])) AS liquidity, unnest(journal_items(c[14])) AS busted) r
       WHERE every OR r.account_id = ANY (passed);
  END IF;

  c := string_to_array(p_fill_updates, E'\\x1d');
  IF c <> '{}' THEN
    UPDATE fill t SET fee = r.fee, fee_currency = r.fee_currency, busted = r.busted
      FROM unnest(
        journal_items(c[1]), journal_items(c[2]), journal_items(c[3]), journal_items(c[4])::numeric[], journal_items(c[5]),
        journal_items(c[6])::boolean[]) r (order_id, execution_id, account_id, fee, fee_currency, busted)
     WHERE t.order_id = r.order_id AND t.execution_id = r.execution_id AND t.account_id || '' = r.account_id
       AND (every OR r.account_id = ANY (passed));
  END IF;

  c := string_to_array(p_positions, E'\\x1d');
  IF c <> '{}' THEN
    INSERT INTO position (account_id, symbol, workspace_id, currency, multiplier, quantity, cost, realized_pnl)
      SELECT r.*
        FROM unnest(
          journal_items(c[1]), journal_items(c[2]), journal_items(c[3]), journal_items(c[4]), journal_items(c[5])::numeric[],
          journal_items(c[6])::numeric[], journal_items(c[7])::numeric[], journal_items(c[8])::numeric[])
          r (account_id, symbol, workspace_id, currency, multiplier, quantity, cost, realized_pnl)
       WHERE every OR r.account_id = ANY (passed)
      ON CONFLICT (account_id, symbol) DO UPDATE
        SET quantity = excluded.quantity, cost = excluded.cost, realized_pnl = excluded.realized_pnl,
            currency = excluded.currency, multiplier = excluded.multiplier;
  END IF;

  c := string_to_array(p_balances, E'\\x1d');
  IF c <> '{}' THEN
    INSERT INTO balance (account_id, currency, workspace_id, total, fees, transfers)
      SELECT r.*
        FROM unnest(
          journal_items(c[1]), journal_items(c[2]), journal_items(c[3]), journal_items(c[4])::numeric[],
          journal_items(c[5])::numeric[], journal_items(c[6])::numeric[])
          r (account_id, currency, workspace_id, total, fees, transfers)
       WHERE every OR r.account_id = ANY (passed)
      ON CONFLICT (account_id, currency) DO UPDATE
        SET total = excluded.total, fees = excluded.fees, transfers = excluded.transfers;
  END IF;

  PERFORM journal_append_rare(passed, p_equity_days, p_alerts, p_audits, p_strategies);
  RETURN passed;
END $$;
`;

/** Rows that few batches have. Audit entries come last: they hold their workspace's chain until the commit. */
const APPEND_RARE = `
CREATE OR REPLACE FUNCTION journal_append_rare(
    passed text[], p_equity_days text, p_alerts text, p_audits text, p_strategies text) RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  c text[];
BEGIN
  IF p_equity_days <> '' THEN
    c := string_to_array(p_equity_days, E'\\x1d');
    INSERT INTO equity_day (account_id, day, workspace_id, at, equity, previous)
      SELECT r.*
        FROM unnest(
          journal_items(c[1]), journal_items(c[2]), journal_items(c[3]), journal_items(c[4])::bigint[],
          journal_items(c[5])::numeric[], journal_items(c[6])::numeric[])
          r (account_id, day, workspace_id, at, equity, previous)
       WHERE r.account_id = ANY (passed)
      ON CONFLICT (account_id, day)
      DO UPDATE SET at = excluded.at, equity = excluded.equity, previous = excluded.previous;
  END IF;

  IF p_alerts <> '' THEN
    c := string_to_array(p_alerts, E'\\x1d');
    INSERT INTO risk_alert (account_id, seq, workspace_id, at, recorded_at, severity, code, message)
      SELECT r.*
        FROM unnest(
          journal_items(c[1]), journal_items(c[2])::bigint[], journal_items(c[3]), journal_items(c[4])::bigint[],
          journal_items(c[5])::bigint[], journal_items(c[6]), journal_items(c[7]), journal_items(c[8]))
          r (account_id, seq, workspace_id, at, recorded_at, severity, code, message)
       WHERE r.account_id = ANY (passed);
  END IF;

  IF p_strategies <> '' THEN
    c := string_to_array(p_strategies, E'\\x1d');
    INSERT INTO strategy (strategy_id, account_id, workspace_id, strategy, symbols, interval, config, status, error,
                          started_at, stopped_at, realized_pnl, restarts, started_seq)
      SELECT r.*
        FROM unnest(
          journal_items(c[1]), journal_items(c[2]), journal_items(c[3]), journal_items(c[4]), journal_items(c[5]),
          journal_items(c[6]), journal_items(c[7]), journal_items(c[8]), journal_items(c[9]),
          journal_items(c[10])::bigint[], journal_items(c[11])::bigint[], journal_items(c[12])::numeric[],
          journal_items(c[13])::integer[], journal_items(c[14])::bigint[])
          r (strategy_id, account_id, workspace_id, strategy, symbols, interval, config, status, error, started_at,
             stopped_at, realized_pnl, restarts, started_seq)
       WHERE r.account_id = ANY (passed)
      ON CONFLICT (strategy_id, account_id) DO UPDATE
        SET status = excluded.status, error = excluded.error, stopped_at = excluded.stopped_at,
            realized_pnl = excluded.realized_pnl, restarts = excluded.restarts;
  END IF;

  IF p_audits <> '' THEN
    c := string_to_array(p_audits, E'\\x1d');
    PERFORM audit_chain(r.workspace_id, r.account_id, r.seq, r.at, r.actor, r.action, r.target, r.details)
       FROM (
         SELECT * FROM unnest(
           journal_items(c[1]), journal_items(c[2]), journal_items(c[3])::bigint[], journal_items(c[4])::bigint[],
           journal_items(c[5]), journal_items(c[6]), journal_items(c[7]), journal_items(c[8]))
           u (workspace_id, account_id, seq, at, actor, action, target, details)
          WHERE u.account_id = ANY (passed)
          ORDER BY u.workspace_id, u.account_id, u.seq
       ) r;
  END IF;
END $$;
`;

const GRANTS = `
REVOKE EXECUTE ON FUNCTION journal_append, journal_append_rare, journal_fence, journal_create_accounts,
  journal_take_over FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_append, journal_append_rare, journal_fence, journal_create_accounts,
  journal_take_over TO ${ROLE_NAMES.writer};
`;

/** Another list of parameters makes another function beside the first: those of earlier releases go. */
const DROP_FORMER = `
DROP FUNCTION IF EXISTS journal_append(
  text, boolean, text, text, text, text, text, text, text, text, text, text, text, text);
DROP FUNCTION IF EXISTS journal_append_rare(text[], text, text, text);
`;

/**
 * All functions of the journal as they are now, in the order in which they are made. A gateway of the
 * release before goes on while others are replaced: a parameter that is added has a default.
 */
export const JOURNAL_FUNCTIONS = [
  DROP_FORMER,
  ITEMS,
  CREATE_ACCOUNTS,
  FENCE,
  APPEND_RARE,
  APPEND,
  TAKE_OVER,
  GRANTS,
];

export class JournalAppend extends Migration {
  override up(): void {
    for (const sql of JOURNAL_FUNCTIONS) this.addSql(sql);
  }
}
