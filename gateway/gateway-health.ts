import type { Cradle } from './container.ts';
import type { Readiness } from './server/http/operations-routes.ts';
import type { HealthCheck } from './services/health-service.ts';

export interface GatewayHealth {
  /** What the API's `health` looks at. */
  readonly checks: readonly HealthCheck[];
  /** Whether load balancers should send requests: the database answers and this process owns what it should. */
  readiness(): Promise<Readiness>;
}

const READY_TIMEOUT_MS = 2_000;

export function gatewayHealth(cradle: Cradle): GatewayHealth {
  const { database, journalSpace, runtime, pluginCatalog } = cradle;

  const databaseAnswers = async (signal: AbortSignal): Promise<string | null> => {
    await database.app.query({ text: 'SELECT 1' }, signal);
    return null;
  };

  const ownership = (): string | null => {
    const { shards, loading } = runtime.status();
    if (shards === 0) return 'owns no shard';
    return loading > 0 ? `${String(loading)} accounts are being loaded` : null;
  };

  const brokenAccounts = (): string | null => {
    const { broken } = runtime.status();
    return broken.length === 0 ? null : `${String(broken.length)} accounts cannot be read from the journal`;
  };

  const brokersDown = (): string | null => {
    const down = runtime.status().brokers.filter(({ state }) => state !== 'READY');
    return down.length === 0
      ? null
      : down.map(({ ref, reason }) => `${ref.broker}/${ref.connection}: ${reason ?? 'not ready'}`).join('; ');
  };

  const feedsDown = (): string | null => {
    const down = runtime.status().feeds.filter(({ reason }) => reason !== null);
    return down.length === 0 ? null : down.map(({ feed, reason }) => `${feed}: ${reason ?? ''}`).join('; ');
  };

  const accountsAhead = (): string | null => {
    const { length } = runtime.status().ahead;
    return length === 0
      ? null
      : `the time of ${String(length)} accounts is ahead of their market and stands still until it is there`;
  };

  const badPlugins = (): string | null => {
    const bad = pluginCatalog
      .plugins()
      .filter(({ status }) => status === 'FAILED' || status === 'DEGRADED')
      .map(({ error, name }) => (error?.includes(name) === true ? error : `${name}: ${error ?? ''}`));
    return bad.length === 0 ? null : bad.join('; ');
  };

  return {
    checks: [
      { name: 'database', without: 'DOWN', check: databaseAnswers },
      { name: 'journal', without: 'DEGRADED', check: () => Promise.resolve(journalSpace.shortage) },
      { name: 'shards', without: 'DEGRADED', check: () => Promise.resolve(ownership()) },
      { name: 'accounts', without: 'DEGRADED', check: () => Promise.resolve(brokenAccounts()) },
      { name: 'brokers', without: 'DEGRADED', check: () => Promise.resolve(brokersDown()) },
      { name: 'feeds', without: 'DEGRADED', check: () => Promise.resolve(feedsDown()) },
      { name: 'market-time', without: 'DEGRADED', check: () => Promise.resolve(accountsAhead()) },
      { name: 'plugins', without: 'DEGRADED', check: () => Promise.resolve(badPlugins()) },
    ],
    async readiness() {
      const reasons: string[] = [];
      await databaseAnswers(AbortSignal.timeout(READY_TIMEOUT_MS)).catch(() =>
        reasons.push('the database does not answer'),
      );
      const missing = ownership();
      if (missing !== null) reasons.push(missing);
      return { ready: reasons.length === 0, reasons };
    },
  };
}
