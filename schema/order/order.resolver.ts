import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { FillConnection } from './fill.type.ts';
import type { OrderMoment } from './fold-order-events.ts';
import { FillsArgs, OrdersArgs } from './order.args.ts';
import { PlaceOrderInput } from './order.input.ts';
import { Order, OrderConnection } from './order.type.ts';
import { OrderEvent } from './order-event.type.ts';
import { fillQuery, orderQuery, toFillConnection, toOrderConnection } from './order-lists.ts';
import { toOrderOrNull, toPreview } from './order-outcome.ts';
import { OrderPreview } from './order-result.type.ts';
import { openOrderEvents, type OrderEventsArgs } from './order-stream.ts';
import { toOrderEvent } from './order-view.ts';

@Resolver()
export class OrderResolver {
  @Query(() => Order, { nullable: true })
  async order(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Order | null> {
    return toOrderOrNull(await context.services.orders.order(context, id));
  }

  @Query(() => Order, { nullable: true })
  async orderByClientOrderId(
    @Arg('accountId', () => ID) accountId: string,
    @Arg('clientOrderId', () => String) clientOrderId: string,
    @Ctx() context: RequestContext,
  ): Promise<Order | null> {
    return toOrderOrNull(await context.services.orders.orderByClientId(context, accountId, clientOrderId));
  }

  @Query(() => OrderConnection, { description: 'Newest first.' })
  async orders(
    @Args(() => OrdersArgs) args: OrdersArgs,
    @Ctx() context: RequestContext,
  ): Promise<OrderConnection> {
    return toOrderConnection(args.accountId, await context.services.orders.orders(context, orderQuery(args)));
  }

  @Query(() => FillConnection, { description: 'Newest first.' })
  async fills(
    @Args(() => FillsArgs) args: FillsArgs,
    @Ctx() context: RequestContext,
  ): Promise<FillConnection> {
    return toFillConnection(await context.services.orders.fills(context, fillQuery(args)));
  }

  @Query(() => OrderPreview, {
    description: 'What placing would do now: the denial, or cost, fees and margin; nothing is reserved.',
  })
  async previewOrder(
    @Arg('input', () => PlaceOrderInput) input: PlaceOrderInput,
    @Ctx() context: RequestContext,
  ): Promise<OrderPreview> {
    return toPreview(await context.services.orders.preview(context, input));
  }

  @Subscription(() => OrderEvent, {
    description: `Every event of the account's orders, in journal order. With \`after\`, first everything since that
cursor, then live, with no gap and no duplicate. A consumer too slow for its buffer is closed with
code SLOW_CONSUMER and resumes from its last cursor. A cursor of another history (a restored
database) is refused with CURSOR_INVALID.`,
    subscribe: ({ args, context }) => openOrderEvents(context as RequestContext, args as OrderEventsArgs),
  })
  orderEvents(
    @Root() moment: OrderMoment,
    @Arg('accountId', () => ID) _accountId: string,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
    @Ctx() context: RequestContext,
  ): OrderEvent {
    return toOrderEvent(moment, context.services.streamCursors);
  }
}
