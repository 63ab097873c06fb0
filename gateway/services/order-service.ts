import type { CommandResult } from '../../core/engine/decision.ts';
import { requireScope } from '../../core/identity/principal.ts';
import type { Ids } from '../../core/ports/clock.ts';
import type { CommandReply } from '../../core/runtime/command-reply.ts';
import type { RequestContext } from '../../schema/context.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import type {
  AccountOrder,
  ChangeOutcome,
  OrderService,
  PlaceOrderRequest,
  PlaceOutcome,
} from '../../schema/order/order-service.ts';
import type { AccountAccess } from './account-access.ts';
import type { CommandSender } from './command-sender.ts';
import { createOrderLocations } from './order-locations.ts';
import { toClosePosition, toPlaceOrder, toReplaceOrder } from './order-request.ts';
import { requireReason, requireText } from './text-arguments.ts';

const MOST_ORDERS = 100;

export interface OrderServiceOptions {
  readonly access: AccountAccess;
  readonly sender: CommandSender;
  readonly ids: Ids;
}

export function createOrderService({ access, sender, ids }: OrderServiceOptions): OrderService {
  const locations = createOrderLocations(access);

  /** An order of a reply; read where the reply does not bring it. */
  const orderOf = async (
    context: RequestContext,
    accountId: string,
    reply: CommandReply,
    orderId: string,
  ): Promise<AccountOrder> => {
    const record = reply.orders.find(({ id }) => id === orderId);
    const order =
      record === undefined ? (await context.reader.ordersByIds([orderId]))[0] : { accountId, record };
    if (order === undefined) throw new Error(`order ${orderId} was answered and is not there`);
    locations.remember([order]);
    return order;
  };

  const denied = async (
    context: RequestContext,
    accountId: string,
    reply: CommandReply,
    { denial, orderId }: Extract<CommandResult, { kind: 'denied' }>,
  ): Promise<PlaceOutcome & ChangeOutcome> => ({
    kind: 'denied',
    denial,
    order: orderId === null ? null : await orderOf(context, accountId, reply, orderId),
  });

  const placeOutcome = async (
    context: RequestContext,
    accountId: string,
    reply: CommandReply,
  ): Promise<PlaceOutcome> => {
    const { result } = reply;
    if (result.kind === 'denied') return denied(context, accountId, reply, result);
    if (result.kind !== 'orderPlaced') throw unexpected(result);
    const order = await orderOf(context, accountId, reply, result.orderId);
    return { kind: 'placed', order, replayed: result.replayed };
  };

  const changeOutcome = async (
    context: RequestContext,
    accountId: string,
    reply: CommandReply,
    orderId: string,
  ): Promise<ChangeOutcome> => {
    const { result } = reply;
    if (result.kind === 'denied') return denied(context, accountId, reply, result);
    if (result.kind === 'orderPlaced') throw unexpected(result);
    return { kind: 'requested', order: await orderOf(context, accountId, reply, orderId) };
  };

  return {
    async order(context, id) {
      requireScope(context.principal, 'READ');
      const [order] = await context.reader.ordersByIds([id]);
      return order ?? null;
    },

    async orderByClientId(context, accountId, clientOrderId) {
      requireScope(context.principal, 'READ');
      if ((await access.find(context, accountId)) === null) return null;
      const record = await context.reader.orderByClientId(accountId, clientOrderId);
      return record && { accountId, record };
    },

    async orders(context, query) {
      requireScope(context.principal, 'READ');
      await access.require(context, query.accountId, 'accountId');
      return context.reader.orders(query);
    },

    async fills(context, query) {
      requireScope(context.principal, 'READ');
      await access.require(context, query.accountId, 'accountId');
      return context.reader.fills(query);
    },

    async preview(context, input) {
      requireScope(context.principal, 'READ');
      const { accountId } = await access.require(context, input.accountId, 'input.accountId');
      return sender.preview(context, accountId, placeOrderOf(input, 'input'));
    },

    async place(context, input) {
      requireScope(context.principal, 'TRADE');
      const { accountId } = await access.require(context, input.accountId, 'input.accountId');
      const { clientOrderId } = input;
      const reply = await sender.send(context, accountId, placeOrderOf(input, 'input'), { clientOrderId });
      return placeOutcome(context, accountId, reply);
    },

    async placeAll(context, accountId, inputs) {
      requireScope(context.principal, 'TRADE');
      await access.require(context, accountId, 'accountId');
      checkBatch(accountId, inputs);
      if (inputs.length === 0) return [];
      const commands = inputs.map((input, index) => placeOrderOf(input, `inputs[${String(index)}]`));
      const clientOrderIds = inputs.map(({ clientOrderId }) => clientOrderId);
      const replies = await sender.sendAll(context, accountId, commands, { clientOrderIds });
      return Promise.all(replies.map((reply) => placeOutcome(context, accountId, reply)));
    },

    async replace(context, input) {
      requireScope(context.principal, 'TRADE');
      const accountId = await locations.accountOf(context, input.id, 'input.id');
      const names = { fields: { id: 'input.id' } };
      const reply = await sender.send(context, accountId, toReplaceOrder(input), names);
      return changeOutcome(context, accountId, reply, input.id);
    },

    async cancel(context, id) {
      requireScope(context.principal, 'TRADE');
      const accountId = await locations.accountOf(context, id, 'id');
      const reply = await sender.send(context, accountId, { kind: 'cancelOrder', orderId: id, reason: null });
      return changeOutcome(context, accountId, reply, id);
    },

    async cancelAll(context, accountId, symbol) {
      requireScope(context.principal, 'TRADE');
      await access.require(context, accountId, 'accountId');
      const reply = await sender.send(context, accountId, { kind: 'cancelAllOrders', symbol, reason: null });
      const { result } = reply;
      const orderIds = result.kind === 'cancelRequested' ? result.orderIds : [];
      return Promise.all(orderIds.map((orderId) => orderOf(context, accountId, reply, orderId)));
    },

    async closePosition(context, request) {
      requireScope(context.principal, 'TRADE');
      const { accountId } = await access.require(context, request.accountId, 'accountId');
      const { clientOrderId } = request;
      const reply = await sender.send(context, accountId, toClosePosition(request, ids), { clientOrderId });
      return placeOutcome(context, accountId, reply);
    },

    async resolve(context, id, resolution, reason) {
      requireScope(context.principal, 'ADMIN');
      requireReason(reason);
      const accountId = await locations.accountOf(context, id, 'id');
      const command = { kind: 'resolveOrder', orderId: id, resolution, reason } as const;
      return orderOf(context, accountId, await sender.send(context, accountId, command), id);
    },
  };

  function placeOrderOf(input: PlaceOrderRequest, path: string) {
    const { strategyId } = input;
    if (typeof strategyId === 'string') requireText(strategyId, `${path}.strategyId`, 100);
    return toPlaceOrder(input, ids);
  }
}

function checkBatch(accountId: string, inputs: readonly PlaceOrderRequest[]): void {
  if (inputs.length > MOST_ORDERS) {
    throw badInput(`There are ${String(inputs.length)} inputs: at most ${String(MOST_ORDERS)}.`, 'inputs');
  }
  const other = inputs.findIndex((input) => input.accountId !== accountId);
  if (other >= 0) {
    const field = `inputs[${String(other)}].accountId`;
    throw badInput(`${field} is another account than accountId: one batch is of one account.`, field);
  }
}

function unexpected({ kind }: CommandResult): Error {
  return new Error(`the command was answered with ${kind}`);
}
