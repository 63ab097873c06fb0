import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { PageArgs } from '../pagination/page.args.ts';
import { FillConnection } from './fill.type.ts';
import { Order } from './order.type.ts';
import { OrderEventConnection } from './order-event.type.ts';
import { eventPage } from './order-history.ts';
import { fillPosition, toFillConnection, toOrderEventConnection } from './order-lists.ts';
import { toOrderOrNull } from './order-outcome.ts';
import { toOrder } from './order-view.ts';

@Resolver(() => Order)
export class OrderFieldsResolver {
  @FieldResolver(() => Order, { nullable: true })
  async parent(@Root() order: Order, @Ctx() context: RequestContext): Promise<Order | null> {
    return order.parentId === null ? null : toOrderOrNull(await context.loaders.orders.load(order.parentId));
  }

  @FieldResolver(() => [Order])
  async legs(@Root() order: Order, @Ctx() context: RequestContext): Promise<Order[]> {
    const legs = order.hasLegs ? await context.loaders.legs.load(order.id) : [];
    return legs.map(({ accountId, record }) => toOrder(accountId, record));
  }

  @FieldResolver(() => FillConnection, { description: 'In the order of booking.' })
  async fills(
    @Root() order: Order,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<FillConnection> {
    return toFillConnection(await context.loaders.fills(pageSize(first), fillPosition(after)).load(order.id));
  }

  @FieldResolver(() => OrderEventConnection, { description: 'In journal order.' })
  async events(
    @Root() order: Order,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<OrderEventConnection> {
    return toOrderEventConnection(await eventPage(order, args, context), context.services.streamCursors);
  }
}
