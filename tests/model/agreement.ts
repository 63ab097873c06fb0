import { expect } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { leavesQuantity, pendingActions, statusOf } from '../../core/orders/status.ts';
import { buyingPower, valueAccount } from '../../core/portfolio/valuation.ts';
import { reservedByCurrency } from '../../core/risk/reservation.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { sumOf } from './reference-ledger.ts';
import {
  executedOf,
  filledOf,
  isOpen,
  type ModelOrder,
  type ReferenceModel,
  shareOf,
} from './reference-model.ts';

/** What the model and the engine say of the same account, in the same words: a line for each fact. */

const statusInModel = (order: ModelOrder): string => {
  if (order.life === 'DONE') return order.end ?? '?';
  if (order.life === 'DENIED' || order.life === 'IN_DOUBT') return order.life;
  if (filledOf(order) > 0n) return 'PARTIALLY_FILLED';
  return order.life === 'WORKING' ? 'ACCEPTED' : order.life;
};

const orderInModel = (order: ModelOrder): string => {
  const { terms, revision, pending, cancelling, overfilled, denial } = order;
  const filled = filledOf(order);
  const executed = executedOf(order);
  const left = terms.quantity - executed;
  const leaves = isOpen(order) && left > 0n ? left : 0n;
  const actions = [...(pending === null ? [] : ['REPLACE']), ...(cancelling ? ['CANCEL'] : [])];
  const fees = [...order.fills].map(([id, { fee, busted }]) => `${id}:${fee}${busted ? '!' : ''}`);
  const numbers = `filled ${filled} busted ${executed - filled} leaves ${leaves} of ${terms.quantity} at ${terms.limit}`;
  return `${order.id} ${statusInModel(order)} ${denial} ${numbers} r${revision} [${actions.join()}] ${overfilled} ${fees.join()}`;
};

const orderInEngine = (account: AccountUnderTest, id: string): string => {
  const order = account.order(id);
  if (order === undefined) return `${id} is not there`;
  const { quantity, limitPrice, filledQuantity, bustedQuantity, revision, overfilled, denial } = order;
  const fees = [...order.fills].map(([key, { fee, busted }]) => `${key}:${fee}${busted ? '!' : ''}`);
  const numbers = `filled ${filledQuantity} busted ${bustedQuantity} leaves ${leavesQuantity(order)} of ${quantity} at ${limitPrice}`;
  return `${id} ${statusOf(order)} ${denial?.code ?? null} ${numbers} r${revision} [${pendingActions(order).join()}] ${overfilled} ${fees.join()}`;
};

const symbolInModel = (model: ReferenceModel, symbol: string): string => {
  const shares = model.open(symbol).map((order) => shareOf(order));
  const { quantity, cost, realized } = model.holding(symbol);
  const [buy, sell] = [sumOf(shares, 'BUY'), sumOf(shares, 'SELL')];
  return `${symbol} ${quantity} cost ${cost} realised ${realized} buys ${buy.units} ${buy.amount} sells ${sell.units} ${sell.amount}`;
};

const symbolInEngine = ({ engine: { state } }: AccountUnderTest, symbol: string): string => {
  const { quantity = 0n, cost = 0n, realizedPnl = 0n } = state.positions.get(symbol) ?? {};
  const open = state.exposure.get(symbol);
  const sides = `buys ${open?.buyQuantity ?? 0n} ${open?.buyNotional ?? 0n} sells ${open?.sellQuantity ?? 0n} ${open?.sellNotional ?? 0n}`;
  return `${symbol} ${quantity} cost ${cost} realised ${realizedPnl} ${sides}`;
};

const viewOfModel = (model: ReferenceModel): readonly string[] => {
  const reserved = [...model.quotes.keys()].reduce((sum, symbol) => sum + model.reserved(symbol), 0n);
  return [
    ...[...model.orders.values()].map(orderInModel),
    ...[...model.quotes.keys()].map((symbol) => symbolInModel(model, symbol)),
    `cash ${model.cash()} fees ${model.fees()} reserved ${reserved} buying power ${model.buyingPower()}`,
    `open ${[...model.orders.values()]
      .filter(isOpen)
      .map(({ id }) => id)
      .join()}`,
    `blocked by ${[...model.blocked].sort().join()}`,
    `day ${model.day} ${model.dayOpenEquity}`,
    `sent ${model.sends.length}: ${model.sends.slice(-3).join(', ')}`,
  ];
};

const viewOfEngine = (account: AccountUnderTest, model: ReferenceModel): readonly string[] => {
  const { engine, sends } = account;
  const { state } = engine;
  const reserved = reservedByCurrency(state).get('USD') ?? 0n;
  const context = engine.context();
  const value = valueAccount(state, context.market, engine.wall, engine.settings.quoteStaleAfterMs);
  const power = buyingPower(value, reserved, parseDecimal(engine.capabilities.buyingPowerMultiplier));
  const byAge = [...state.openOrderIds].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  return [
    ...[...model.orders.keys()].map((id) => orderInEngine(account, id)),
    ...[...model.quotes.keys()].map((symbol) => symbolInEngine(account, symbol)),
    `cash ${state.cash.get('USD') ?? 0n} fees ${state.fees.get('USD') ?? 0n} reserved ${reserved} buying power ${power}`,
    `open ${byAge.join()}`,
    `blocked by ${[...state.entryBlocks]
      .map((cause) => cause.replace('order ', ''))
      .sort()
      .join()}`,
    `day ${state.day} ${state.dayOpenEquity}`,
    `sent ${sends.length}: ${sends.slice(-3).join(', ')}`,
  ];
};

/** Fails with the first differences; `did` is what was done just now. */
export const expectAgreement = (
  model: ReferenceModel,
  account: AccountUnderTest,
  answers: { readonly did: string; readonly model: string; readonly engine: string },
): void => {
  const said = [`${answers.did} -> ${answers.model}`, ...viewOfModel(model)];
  const says = [`${answers.did} -> ${answers.engine}`, ...viewOfEngine(account, model)];
  // The texts are compared first: thousands of times nothing differs.
  if (said.join('\n') !== says.join('\n')) expect(says).toEqual(said);
};
