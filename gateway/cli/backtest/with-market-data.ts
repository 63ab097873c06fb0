import type { MarketDataSource } from '../../backtests/market-data/market-data-source.ts';
import { openMarketData } from '../../backtests/market-data/open-market-data.ts';
import { offerStoredBars, type StoredBarsOffer } from '../../backtests/market-data/stored-bars-channel.ts';
import { storedMarketData } from '../../backtests/market-data/stored-market-data.ts';
import { readConfig } from '../../config.ts';
import { openForReading, type ReadDatabase } from '../../database/open-for-reading.ts';
import { createStoredBarsReader } from '../../database/stored-bars/stored-bars-reader.ts';
import { nearestHint } from '../../services/nearest-text.ts';
import { UsageError } from '../usage-error.ts';
import type { OptionValues } from './request-of.ts';

/** What runs of a command read. */
export interface OpenMarketData {
  readonly data: MarketDataSource;
  /** The bars of gateways, for threads of this process; undefined where they were not asked for. */
  readonly offer: StoredBarsOffer | undefined;
}

const OPEN_MS = 60_000;
const PAGE_MS = 30_000;

/**
 * Does work on what is imported and recorded, and, with --stored, on the bars that gateways have kept: those for all, and
 * those of one workspace's own connections, as the API has them. Throws UsageError for a workspace that there is not, and
 * rejects with DatabaseError where the database cannot be read.
 */
export async function withMarketData<T>(
  values: OptionValues,
  signal: AbortSignal,
  work: (opened: OpenMarketData) => Promise<T>,
): Promise<T> {
  const config = readConfig();
  const { stored, workspace } = values;
  if (stored !== true) {
    if (workspace !== undefined) throw new UsageError('omniquant: --workspace is of --stored: give it, too');
    return work({ data: openMarketData(config.DATA_DIR), offer: undefined });
  }
  const database = await openForReading(config, AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]));
  try {
    const id = workspaceOf(database, typeof workspace === 'string' ? workspace : null);
    const reader = createStoredBarsReader(database.app);
    const { close, offer } = await offerStoredBars(reader, id, signal);
    try {
      const bars = storedMarketData(offer.series, (page, aborted) =>
        reader.page(id, page, AbortSignal.any([aborted, AbortSignal.timeout(PAGE_MS)])),
      );
      return await work({ data: openMarketData(config.DATA_DIR, bars), offer });
    } finally {
      close();
    }
  } finally {
    await database.close();
  }
}

/** By its id, or by a name that only one has. */
function workspaceOf({ workspaces }: ReadDatabase, asked: string | null): string {
  const [first] = workspaces;
  if (first === undefined) {
    throw new UsageError('omniquant: --stored: the database has no workspace yet, and so no bars of one');
  }
  if (asked === null) return first.id;
  const found = workspaces.filter(({ id, name }) => id === asked || name === asked);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  const known = workspaces.flatMap(({ id, name }) => [id, name]);
  const why =
    found.length > 1
      ? `which several are called: give its id, one of ${found.map(({ id }) => id).join(', ')}`
      : `which is neither id nor name of a workspace${nearestHint(asked, known)}`;
  throw new UsageError(`omniquant: --workspace is ${JSON.stringify(asked.slice(0, 80))}, ${why}`);
}
