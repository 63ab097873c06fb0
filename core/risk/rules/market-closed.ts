import type { OrderTerms } from '@omniquant/plugin-sdk';

import type { MarketView } from '../../engine/decide-context.ts';
import { deny } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

type Session = ReturnType<MarketView['session']>;

/** Why an order of these terms cannot be taken in a session, or null. */
const obstacle = (terms: OrderTerms, session: Session): string | null => {
  switch (terms.timeInForce) {
    case 'OPG':
      return session === 'OPEN' ? 'the opening auction is over: send it after the close' : null;
    case 'CLS':
      return session === 'POST' ? 'the closing auction is over: send it before the next close' : null;
    case 'GTC':
    case 'GTD':
      if (session === 'OPEN' || terms.type !== 'MARKET') return null;
      break;
    case 'DAY':
    case 'IOC':
    case 'FOK':
      if (session === 'OPEN') return null;
      break;
  }
  if (terms.extendedHours && session !== 'CLOSED') return null;
  return session === 'CLOSED'
    ? 'send it while the market is open, or rest a limit order with time in force GTC'
    : 'send it in regular hours, or as a limit order with extendedHours or time in force GTC';
};

/**
 * TRADING_HALTED while trading in the symbol is halted. MARKET_CLOSED: DAY, IOC, FOK and market orders
 * need the regular session, or with extendedHours also PRE and POST; orders that rest (GTC, GTD) are
 * taken at any time; OPG is not taken during the session, nor CLS between close and end of POST.
 */
export const marketClosed: RiskRule = {
  name: 'market-closed',
  codes: ['MARKET_CLOSED', 'TRADING_HALTED'],
  compares: 'the time in force with the session of the instrument; the symbol with the trading halts',
  limit: "the instrument's calendar, trading halts",
  exempt: 'legs of a bracket',
  check: ({ terms, isLeg }, _state, { market }) => {
    if (isLeg) return null;
    const { symbol, timeInForce } = terms;
    if (market.isHalted(symbol)) {
      return deny('TRADING_HALTED', `trading in ${symbol} is halted: wait for its resumption`, {
        scope: 'symbol',
        symbol,
      });
    }
    const session = market.session(symbol);
    const reason = obstacle(terms, session);
    if (reason === null) return null;
    return deny(
      'MARKET_CLOSED',
      `the session of ${symbol} is ${session}, and a ${terms.type} order with time in force ${timeInForce} cannot be taken: ${reason}`,
      { field: 'timeInForce', session, timeInForce, extendedHours: terms.extendedHours },
    );
  },
};
