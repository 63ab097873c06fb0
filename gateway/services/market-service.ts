import { type Principal, requireScope } from '../../core/identity/principal.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import { apiError, badInput, notFound } from '../../schema/errors/api-error.ts';
import type { MarketService } from '../../schema/market/market-service.ts';

/** Where calendars begin and end. */
const EARLIEST = Date.UTC(1900, 0, 2);
const LATEST = Date.UTC(9999, 11, 30);

/** Market seconds a second. */
const SLOWEST = 0.1;
const FASTEST = 100_000;

const within = (at: number): number => Math.min(Math.max(at, EARLIEST), LATEST);

/** The replayed market is one for all: its speed is the operator's to set. */
export function createMarketService(
  market: MarketData,
  isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>,
): MarketService {
  return {
    instrument(context, symbol) {
      requireScope(context.principal, 'READ');
      return market.instrument(symbol) ?? null;
    },

    instruments(context, search, first, afterSymbol) {
      requireScope(context.principal, 'READ');
      const wanted = search?.trim().toLowerCase() ?? '';
      const found = market
        .instruments()
        .filter(({ symbol }) => afterSymbol === null || symbol > afterSymbol)
        .filter(({ symbol, name }) => `${symbol}\n${name ?? ''}`.toLowerCase().includes(wanted))
        .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
      return { items: found.slice(0, first), hasNextPage: found.length > first };
    },

    quote(context, symbol) {
      requireScope(context.principal, 'READ');
      return market.quote(symbol) ?? null;
    },

    async bars(context, { symbol, interval, from, to, first, after }) {
      requireScope(context.principal, 'READ');
      if (market.instrument(symbol) === undefined) throw notFound('instrument', symbol, 'symbol');
      const starts = [from, after === null ? null : after + 1].filter((at) => at !== null);
      const start = starts.length === 0 ? null : within(Math.max(...starts));
      const end = to === null ? null : within(to);
      if (start !== null && end !== null && start >= end) return { items: [], hasNextPage: false };
      const bars = await market.bars(symbol, interval, start, end, first + 1, context.signal);
      return { items: bars.slice(0, first), hasNextPage: bars.length > first };
    },

    clock(context) {
      requireScope(context.principal, 'READ');
      return market.clock();
    },

    async setSpeed(context, speed) {
      const principal = requireScope(context.principal, 'ADMIN');
      if (!(await isOperator(principal, context.signal))) {
        throw apiError('FORBIDDEN', 'This is for the workspace that runs the gateway.');
      }
      if (!(speed >= SLOWEST && speed <= FASTEST)) {
        throw badInput(`speed is ${String(SLOWEST)} to ${String(FASTEST)} market seconds a second.`, 'speed');
      }
      if (!market.clock().replayed) {
        throw badInput('This market is not replayed: it has the speed of the clock.', 'speed');
      }
      await market.setSpeed(speed, context.signal);
      return market.clock();
    },
  };
}
