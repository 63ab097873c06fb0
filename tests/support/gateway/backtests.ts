import { fileURLToPath } from 'node:url';

import type { BacktestStatus } from '../../../core/ports/backtests.ts';
import type { ApiClient } from './api-client.ts';
import { until } from './until.ts';

/** For the list of plugins of a gateway. */
export const SLOW_STRATEGIES = fileURLToPath(new URL('../plugins/slow-strategies.ts', import.meta.url));

export const RUN = 'mutation($input: RunBacktestInput!) { runBacktest(input: $input) { id status } }';
const STANDING = `query($id: ID!) { backtest(id: $id) {
  id status progress error resultHash eventsProcessed reportPath performance { endEquity trades sharpe } } }`;

export interface BacktestStanding {
  readonly id: string;
  readonly status: BacktestStatus;
  readonly progress: number;
  readonly error: string | null;
  readonly resultHash: string | null;
  readonly eventsProcessed: number | null;
  readonly reportPath: string | null;
  readonly performance: { readonly endEquity: string; readonly trades: number } | null;
}

/** sma-cross on the days of AAPL, unless something else is asked for. Answers its id. */
export async function runBacktest(client: ApiClient, input: object = {}): Promise<string> {
  const wanted = { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1', ...input };
  const { runBacktest: made } = await client.ask<{ runBacktest: { id: string } }>(RUN, { input: wanted });
  return made.id;
}

export const standingOf = async (client: ApiClient, id: string): Promise<BacktestStanding> =>
  (await client.ask<{ backtest: BacktestStanding }>(STANDING, { id })).backtest;

/** Once it has that status. Throws when it has ended otherwise. */
export const standsAt = (
  client: ApiClient,
  id: string,
  status: BacktestStatus,
  patienceMs?: number,
): Promise<BacktestStanding> =>
  until(
    `${status} of backtest ${id}`,
    async () => {
      const standing = await standingOf(client, id);
      if (standing.status === status) return standing;
      if (standing.status === 'QUEUED' || standing.status === 'RUNNING') return null;
      throw new Error(`it is ${standing.status}: ${String(standing.error)}`);
    },
    patienceMs,
  );
