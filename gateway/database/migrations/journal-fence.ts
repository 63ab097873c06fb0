/* Functions of migration 0005 that decide who may write an account. */

/** Settings of a function whose plans find rows by their indexes, however small the tables were. */
export const BY_INDEX = 'SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off';

/** An account that is not there yet is made under the lease of its shard, so that no takeover misses it. */
export const CREATE_ACCOUNTS = `
CREATE OR REPLACE FUNCTION journal_create_accounts(p_heads text, p_accounts text) RETURNS void
  LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  h text[] := string_to_array(p_heads, E'\\x1d');
  a text[] := string_to_array(p_accounts, E'\\x1d');
BEGIN
  PERFORM FROM lease
    WHERE resource IN (SELECT 'shard:' || u.shard FROM unnest(journal_items(h[3])) u (shard))
    ORDER BY resource FOR SHARE;
  INSERT INTO account (account_id, workspace_id, shard, broker, connection)
    SELECT n.account_id, n.workspace_id, n.shard, r.broker, ''
      FROM unnest(journal_items(h[1]), journal_items(h[2]), journal_items(h[3])::integer[], journal_items(h[4])::bigint[],
                  journal_items(h[5])::bigint[]) n (account_id, workspace_id, shard, epoch, expected)
      JOIN lease l ON l.resource = 'shard:' || n.shard AND l.epoch = n.epoch
      JOIN unnest(journal_items(a[1]), journal_items(a[4])) r (account_id, broker) ON r.account_id = n.account_id
     WHERE n.expected = 0
     ORDER BY n.account_id
    ON CONFLICT DO NOTHING;
  INSERT INTO account_head (account_id, workspace_id, shard, epoch, seq, hash)
    SELECT n.account_id, n.workspace_id, n.shard, n.epoch, 0, decode(repeat('00', 32), 'hex')
      FROM unnest(journal_items(h[1]), journal_items(h[2]), journal_items(h[3])::integer[], journal_items(h[4])::bigint[],
                  journal_items(h[5])::bigint[]) n (account_id, workspace_id, shard, epoch, expected)
      JOIN lease l ON l.resource = 'shard:' || n.shard AND l.epoch = n.epoch
      JOIN account k ON k.account_id = n.account_id AND k.workspace_id = n.workspace_id AND k.shard = n.shard
     WHERE n.expected = 0
     ORDER BY n.account_id
    ON CONFLICT DO NOTHING;
END $$;
`;

/** Moves the heads that are still at (epoch, seq, hash), in account order; answers with those accounts. */
export const FENCE = `
CREATE OR REPLACE FUNCTION journal_fence(p_heads text) RETURNS text[]
  LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan ${BY_INDEX}
  AS $$
DECLARE
  h text[] := string_to_array(p_heads, E'\\x1d');
  v_passed text[];
BEGIN
  WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(
      journal_items(h[1]), journal_items(h[2]), journal_items(h[4])::bigint[], journal_items(h[5])::bigint[],
      journal_items(h[6]), journal_items(h[7])::bigint[], journal_items(h[8]))
      w (account_id, workspace_id, epoch, expected, previous, last_seq, hash)
  ), locked AS MATERIALIZED (
    SELECT t.account_id, w.last_seq, w.hash
      FROM account_head t JOIN wanted w ON t.account_id = w.account_id
     WHERE t.workspace_id = w.workspace_id AND t.epoch = w.epoch AND t.seq = w.expected
       AND t.hash = decode(w.previous, 'hex')
     ORDER BY t.account_id
       FOR NO KEY UPDATE OF t
  ), moved AS (
    UPDATE account_head t SET seq = locked.last_seq, hash = decode(locked.hash, 'hex')
      FROM locked WHERE t.account_id = locked.account_id
    RETURNING t.account_id
  )
  SELECT coalesce(array_agg(account_id), '{}') INTO v_passed FROM moved;
  RETURN v_passed;
END $$;
`;

/** Raises the heads of a shard to a lease epoch, if that is the lease's, or raises; answers with the shard's heads. */
export const TAKE_OVER = `
CREATE OR REPLACE FUNCTION journal_take_over(p_shard integer, p_epoch bigint)
  RETURNS TABLE (account_id text, seq bigint, hash bytea)
  LANGUAGE plpgsql
  AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM lease WHERE resource = 'shard:' || p_shard AND epoch = p_epoch FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'epoch % of shard % is not current', p_epoch, p_shard;
  END IF;
  PERFORM FROM account_head WHERE shard = p_shard ORDER BY account_id FOR NO KEY UPDATE;
  RETURN QUERY
    UPDATE account_head t SET epoch = p_epoch WHERE t.shard = p_shard AND t.epoch <= p_epoch
    RETURNING t.account_id, t.seq, t.hash;
END $$;
`;
