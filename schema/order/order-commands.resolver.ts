import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { ClosePositionArgs } from './order.args.ts';
import { type OrderResolution, OrderResolutionEnum } from './order.enum.ts';
import { PlaceOrderInput, ReplaceOrderInput } from './order.input.ts';
import { Order } from './order.type.ts';
import { toChangeResult, toPlaceResult } from './order-outcome.ts';
import { CancelOrderResult, PlaceOrderResult, ReplaceOrderResult } from './order-result.type.ts';
import { toOrder } from './order-view.ts';

@Resolver()
export class OrderCommandsResolver {
  @Mutation(() => PlaceOrderResult)
  async placeOrder(
    @Arg('input', () => PlaceOrderInput) input: PlaceOrderInput,
    @Ctx() context: RequestContext,
  ): Promise<typeof PlaceOrderResult> {
    return toPlaceResult(await context.services.orders.place(context, input));
  }

  @Mutation(() => [PlaceOrderResult], {
    description:
      'At most 100, independent of each other; one durable commit, one result for each input in the same order.',
  })
  async placeOrders(
    @Arg('accountId', () => ID) accountId: string,
    @Arg('inputs', () => [PlaceOrderInput]) inputs: PlaceOrderInput[],
    @Ctx() context: RequestContext,
  ): Promise<(typeof PlaceOrderResult)[]> {
    return (await context.services.orders.placeAll(context, accountId, inputs)).map(toPlaceResult);
  }

  @Mutation(() => ReplaceOrderResult)
  async replaceOrder(
    @Arg('input', () => ReplaceOrderInput) input: ReplaceOrderInput,
    @Ctx() context: RequestContext,
  ): Promise<typeof ReplaceOrderResult> {
    return toChangeResult(await context.services.orders.replace(context, input));
  }

  @Mutation(() => CancelOrderResult)
  async cancelOrder(
    @Arg('id', () => ID) id: string,
    @Ctx() context: RequestContext,
  ): Promise<typeof CancelOrderResult> {
    return toChangeResult(await context.services.orders.cancel(context, id));
  }

  @Mutation(() => [Order], { description: 'Returns the orders for which a cancel was requested.' })
  async cancelAllOrders(
    @Arg('accountId', () => ID) accountId: string,
    @Arg('symbol', () => String, { nullable: true }) symbol: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<Order[]> {
    const orders = await context.services.orders.cancelAll(context, accountId, symbol ?? null);
    return orders.map((order) => toOrder(order.accountId, order.record));
  }

  @Mutation(() => PlaceOrderResult, {
    description: 'Reduce-only; safe to repeat with the same client order id.',
  })
  async closePosition(
    @Args(() => ClosePositionArgs) { accountId, symbol, clientOrderId, quantity }: ClosePositionArgs,
    @Ctx() context: RequestContext,
  ): Promise<typeof PlaceOrderResult> {
    const request = { accountId, symbol, clientOrderId, quantity: quantity ?? null };
    return toPlaceResult(await context.services.orders.closePosition(context, request));
  }

  @Mutation(() => Order, {
    description:
      "An operator's word on an order that the venue cannot account for, and on a position mismatch. ADMIN, audited.",
  })
  async resolveOrder(
    @Arg('id', () => ID) id: string,
    @Arg('resolution', () => OrderResolutionEnum) resolution: OrderResolution,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: RequestContext,
  ): Promise<Order> {
    const { accountId, record } = await context.services.orders.resolve(context, id, resolution, reason);
    return toOrder(accountId, record);
  }
}
