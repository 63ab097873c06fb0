import type { Bar } from '../market/bar.ts';
import { UnavailableError } from '../runtime/command-reply.ts';

/*
 * Bars that cannot be had are an outage of the source and no failure of the strategy that asks for them: it
 * waits, however long that takes, and goes on from its snapshot.
 */

/** The source of a strategy's market data does not answer, or has nothing of what it needs. */
export class DataAbsentError extends Error {
  readonly code = 'STRATEGY_DATA_ABSENT';

  constructor(cause: UnavailableError) {
    const why = cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
    super(`it waits for market data: ${cause.message}${why}`, { cause });
    this.name = 'DataAbsentError';
  }
}

/** What a source answers when it is asked for bars. Rejects with DataAbsentError where that is UnavailableError. */
export async function orAbsent(asked: Promise<readonly Bar[]>): Promise<readonly Bar[]> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof UnavailableError ? new DataAbsentError(error) : error;
  }
}
