import { crc32 } from './crc32.ts';
import type { L2Replay } from './l2-replay.ts';

const KRAKEN_LEVELS = 10;
const OKX_LEVELS = 25;

/**
 * Kraken's checksum of a book: CRC-32 over price and size of the ten best asks, then of the ten best bids,
 * each written without its point and leading zeros. That is the number of ticks and lots, when both are
 * counted in the last decimal place that the feed prints for the pair.
 * Source: Kraken, "Book checksum (v1)", WebSocket API documentation.
 *
 * @param priceZeros Decimal places that the feed prints behind those that a tick is counted in.
 * @param lotZeros The same of a lot.
 */
export function krakenChecksum(book: L2Replay, priceZeros = 0, lotZeros = 0): number {
  const levels = [...book.depth('SELL', KRAKEN_LEVELS), ...book.depth('BUY', KRAKEN_LEVELS)];
  const afterPrice = '0'.repeat(priceZeros);
  const afterLots = '0'.repeat(lotZeros);
  return crc32(levels.map(({ price, lots }) => `${price}${afterPrice}${lots}${afterLots}`).join(''));
}

/**
 * OKX's checksum of a book, signed: CRC-32 over `price:size` of the 25 best bids and asks in turn, as
 * decimals without trailing zeros, joined by colons; a side that is shorter is left out.
 * Source: OKX, "Checksum" of the order book channel, API documentation v5.
 *
 * @param priceDecimals Decimal places that a tick is counted in.
 * @param lotDecimals Decimal places that a lot is counted in.
 */
export function okxChecksum(book: L2Replay, priceDecimals: number, lotDecimals: number): number {
  const bids = book.depth('BUY', OKX_LEVELS);
  const asks = book.depth('SELL', OKX_LEVELS);
  const parts: string[] = [];
  for (let index = 0; index < OKX_LEVELS; index += 1) {
    for (const level of [bids[index], asks[index]]) {
      if (level === undefined) continue;
      parts.push(decimal(level.price, priceDecimals), decimal(level.lots, lotDecimals));
    }
  }
  return crc32(parts.join(':')) | 0;
}

/** A count of the last decimal place as a decimal without trailing zeros. */
function decimal(count: number, decimals: number): string {
  if (decimals === 0) return String(count);
  const digits = String(count).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const whole = digits.slice(0, -decimals);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
