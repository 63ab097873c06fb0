import type { SweepStatus } from '../../../core/ports/sweeps.ts';
import type { ApiClient } from './api-client.ts';
import { until } from './until.ts';

const RUN = 'mutation($input: RunSweepInput!) { runSweep(input: $input) { id status } }';
const STANDING = `query($id: ID!) { sweep(id: $id) {
  id status evaluated failed total etaSeconds error resultHash best { parameters objective } } }`;

export interface SweepStanding {
  readonly id: string;
  readonly status: SweepStatus;
  readonly evaluated: number;
  readonly failed: number;
  readonly total: number | null;
  readonly etaSeconds: number | null;
  readonly error: string | null;
  readonly resultHash: string | null;
  readonly best: { readonly parameters: object; readonly objective: number } | null;
}

/** sma-cross on the days of AAPL. */
export const AAPL_DAYS = { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1' };

/** Answers its id. */
export async function runSweep(client: ApiClient, input: object): Promise<string> {
  const { runSweep: made } = await client.ask<{ runSweep: { id: string } }>(RUN, { input });
  return made.id;
}

export const sweepOf = async (client: ApiClient, id: string): Promise<SweepStanding> =>
  (await client.ask<{ sweep: SweepStanding }>(STANDING, { id })).sweep;

/** Once it has that status. Throws when it has ended otherwise. */
export const sweepStandsAt = (
  client: ApiClient,
  id: string,
  status: SweepStatus,
  patienceMs?: number,
): Promise<SweepStanding> =>
  until(
    `${status} of sweep ${id}`,
    async () => {
      const standing = await sweepOf(client, id);
      if (standing.status === status) return standing;
      if (standing.status === 'QUEUED' || standing.status === 'RUNNING') return null;
      throw new Error(`it is ${standing.status}: ${String(standing.error)}`);
    },
    patienceMs,
  );
