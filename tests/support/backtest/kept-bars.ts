import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { createInstrument } from '../../../core/market/instrument.ts';
import type { ConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { createBarWriter } from '../../../gateway/database/stored-bars/bar-writer.ts';
import { recordingTelemetry } from '../recording-telemetry.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const MINUTE = 60_000;

/** Writes minutes of a symbol as a gateway does, from the beginning of 1970; `pool` is the writer's. */
export async function keepBars(
  pool: ConnectionPool,
  symbol: string,
  count: number,
  connection: string | null = null,
): Promise<void> {
  const writer = createBarWriter({
    pool,
    clock: createVirtualClock(),
    telemetry: recordingTelemetry([], []),
  });
  const instrument = createInstrument({
    ...{ symbol, name: null, assetClass: 'CRYPTO', currency: 'USD', tickSize: '0.01', lotSize: '0.001' },
    ...{ multiplier: '1', minQuantity: null, maxQuantity: null, shortable: true, fractionable: true },
    ...{ exchange: null, calendar: 'ALWAYS' },
  });
  for (let index = 0; index < count; index += 1) {
    const close = parseDecimal((100 + 5 * Math.sin(index / 7)).toFixed(2));
    const [high, low] = [parseDecimal('106'), parseDecimal('94')];
    writer.put({ source: 'feed ticks', connection }, instrument, {
      ...{ symbol, interval: 'MINUTE_1', at: index * MINUTE, isClosed: true, revision: 0 },
      ...{ open: close, high, low, close, volume: parseDecimal('10') },
    });
  }
  await writer.close();
}
