import type { AccountState } from './account-state.ts';
import type { Command } from './command.ts';
import { decideOpenAccount, decideSetRiskLimits, decideSetTradingState } from './decide/account-commands.ts';
import { decideBrokerEvent, decideFillsSynced } from './decide/broker-event.ts';
import { decideBrokerOutcome, decideRecover } from './decide/broker-outcome.ts';
import { decideCancelAllOrders, decideCancelOrder } from './decide/cancel-orders.ts';
import { decideClockTicked } from './decide/clock.ts';
import { decideClosePosition } from './decide/close-position.ts';
import { decideMarketMoved } from './decide/market-moved.ts';
import { decideNotAtVenue, decideResubmit } from './decide/not-at-venue.ts';
import { decidePlaceOrder } from './decide/place-order.ts';
import { decideReplaceOrder } from './decide/replace-order.ts';
import { decideResolveMismatch, decideResolveOrder } from './decide/resolve.ts';
import {
  decideEndStrategy,
  decideRestartStrategy,
  decideStartStrategy,
  decideStepStrategy,
  decideStopStrategy,
} from './decide/strategy-commands.ts';
import { decideVenueOrder } from './decide/venue-order.ts';
import { decideVenueSnapshot } from './decide/venue-snapshot.ts';
import type { DecideContext } from './decide-context.ts';
import { CommandError, type Decision } from './decision.ts';
import { isOpened } from './initial-state.ts';

/**
 * What a command comes to: events and an answer. Pure, and changes nothing; the events take effect by
 * `apply`. Throws CommandError for an operator's or client's mistake (an id that is not there, a limit
 * that is none) and nothing else: whatever a venue says has an answer.
 */
export const decide = (state: AccountState, command: Command, ctx: DecideContext): Decision => {
  if (!isOpened(state) && command.kind !== 'openAccount') {
    throw new CommandError('NOT_FOUND', `account ${state.accountId} is not open`, 'accountId');
  }
  switch (command.kind) {
    case 'placeOrder':
      return decidePlaceOrder(state, command, ctx);
    case 'replaceOrder':
      return decideReplaceOrder(state, command, ctx);
    case 'closePosition':
      return decideClosePosition(state, command, ctx);
    case 'cancelOrder':
      return decideCancelOrder(state, command, ctx);
    case 'cancelAllOrders':
      return decideCancelAllOrders(state, command);
    case 'openAccount':
      return decideOpenAccount(state, command, ctx);
    case 'setRiskLimits':
      return decideSetRiskLimits(state, command);
    case 'setTradingState':
      return decideSetTradingState(state, command);
    case 'resolveOrder':
      return decideResolveOrder(state, command, ctx);
    case 'resolveMismatch':
      return decideResolveMismatch(state, command, ctx);
    case 'startStrategy':
      return decideStartStrategy(state, command.terms);
    case 'stepStrategy':
      return decideStepStrategy(state, command);
    case 'stopStrategy':
      return decideStopStrategy(state, command);
    case 'restartStrategy':
      return decideRestartStrategy(state, command);
    case 'endStrategy':
      return decideEndStrategy(state, command);
    case 'brokerEvent':
      return decideBrokerEvent(state, command.event, ctx);
    case 'fillsSynced':
      return decideFillsSynced(state, command.cursor);
    case 'brokerOutcome':
      return decideBrokerOutcome(state, command, ctx);
    case 'recover':
      return decideRecover(state);
    case 'venueOrder':
      return decideVenueOrder(state, command.order, ctx);
    case 'resubmit':
      return decideResubmit(state, command, ctx);
    case 'notAtVenue':
      return decideNotAtVenue(state, command, ctx);
    case 'venueSnapshot':
      return decideVenueSnapshot(state, command);
    case 'marketMoved':
      return decideMarketMoved(state, command.symbols, ctx);
    case 'clockTicked':
      return decideClockTicked(state, ctx);
  }
};
