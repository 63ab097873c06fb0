import type { TradingState } from '../../engine/account-event.ts';
import type { Denial } from '../denial.ts';
import { deny } from '../deny.ts';
import { isFlattening, type RiskRule } from '../rule.ts';

type Scope = 'gateway' | 'account';

const halted = (scope: Scope, reason: string | null): Denial =>
  deny(
    'TRADING_HALTED',
    `the ${scope} is HALTED${reason === null ? '' : ` (${reason})`} and takes only cancels: an operator has to set its trading state to ACTIVE`,
    { scope, tradingState: 'HALTED', reason },
  );

const reducing = (scope: Scope, reason: string | null): Denial =>
  deny(
    'REDUCE_ONLY_STATE',
    `the ${scope} is REDUCING${reason === null ? '' : ` (${reason})`} and takes only orders that make a position smaller: close positions, or set its trading state to ACTIVE`,
    { scope, tradingState: 'REDUCING', reason },
  );

const noRoom = (): Denial =>
  deny(
    'REDUCE_ONLY_STATE',
    'the disk of the journal is nearly full: only cancels and orders that make a position smaller are taken until an operator makes room',
    { scope: 'journal' },
  );

const checkState = (
  scope: Scope,
  state: TradingState,
  reason: string | null,
  addsExposure: boolean,
): Denial | null => {
  switch (state) {
    case 'HALTED':
      return halted(scope, reason);
    case 'REDUCING':
      return addsExposure ? reducing(scope, reason) : null;
    case 'ACTIVE':
      return null;
  }
};

/**
 * TRADING_HALTED while gateway or account is HALTED or the strategy is stopped by its kill switch;
 * REDUCE_ONLY_STATE for what could enlarge a position while one of them is REDUCING, or while the disk of
 * the journal is nearly full.
 */
export const tradingState: RiskRule = {
  name: 'trading-state',
  codes: ['TRADING_HALTED', 'REDUCE_ONLY_STATE'],
  compares: 'what the order does to the position with the trading states of gateway, account and strategy',
  limit: 'the trading states, the room on the disk of the journal',
  exempt: "legs of a bracket; the gateway's own closing orders; in REDUCING orders that only reduce",
  check: (candidate, state, { gatewayTradingState, isJournalLow, settings }) => {
    if (candidate.isLeg || isFlattening(candidate)) return null;
    const { addsExposure, strategyId } = candidate;
    if (strategyId !== null && settings.haltedStrategies?.has(strategyId) === true) {
      return deny(
        'TRADING_HALTED',
        `strategy ${strategyId} is stopped by its kill switch: an operator has to start it again`,
        { scope: 'strategy', strategyId },
      );
    }
    return (
      checkState('gateway', gatewayTradingState, null, addsExposure) ??
      checkState('account', state.tradingState, state.tradingStateReason, addsExposure) ??
      (isJournalLow && addsExposure ? noRoom() : null)
    );
  },
};
