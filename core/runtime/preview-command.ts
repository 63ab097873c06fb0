import type { AccountState } from '../engine/account-state.ts';
import type { ClientCommand } from '../engine/command.ts';
import { checkBracketShape } from '../engine/decide/bracket-shape.ts';
import { checkReady, checkSupport } from '../engine/decide/broker-support.ts';
import { checkClientOrderId, checkShape } from '../engine/decide/order-shape.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import { CommandError } from '../engine/decision.ts';
import { previewOrder } from '../risk/preview.ts';
import type { PreviewReply } from './command-gate.ts';

/** What placing an order would come to now: the checks of placing it in their order, and the numbers. */
export function previewCommand(
  state: AccountState,
  command: ClientCommand,
  context: DecideContext,
): PreviewReply {
  if (command.kind !== 'placeOrder') {
    throw new CommandError('BAD_USER_INPUT', 'only the placing of an order can be previewed');
  }
  const { terms, strategyId, origin, takeProfit, stopLoss } = command;
  const refusal =
    checkClientOrderId(command.clientOrderId) ??
    checkShape(terms, context.now) ??
    checkBracketShape(command) ??
    checkSupport(terms, context.broker.capabilities) ??
    checkReady(context.broker);
  const legs = (takeProfit === null ? 0 : 1) + (stopLoss === null ? 0 : 1);
  return previewOrder(
    state,
    { terms, replaces: null, isLeg: false, strategyId, legs, origin },
    context,
    refusal,
  );
}
