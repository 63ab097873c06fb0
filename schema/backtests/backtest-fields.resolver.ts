import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { positionAfter } from '../pagination/cursor.ts';
import { PageArgs } from '../pagination/page.args.ts';
import { Backtest, BacktestOrderConnection, EquityPoint } from './backtest.type.ts';
import { positionOf, toOrderConnection } from './backtest-view.ts';
import { checkMaxPoints, equityPoints, withinPoints } from './equity-curve.ts';

@Resolver(() => Backtest)
export class BacktestFieldsResolver {
  @FieldResolver(() => BacktestOrderConnection, { description: 'In the order in which they were placed.' })
  async orders(
    @Root() backtest: Backtest,
    @Args(() => PageArgs) { after, first }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<BacktestOrderConnection> {
    const last = positionAfter(after, positionOf);
    const loader = context.loaders.backtestOrders(pageSize(first), last === null ? 0 : last + 1);
    return toOrderConnection(await loader.load(backtest.id));
  }

  @FieldResolver(() => [EquityPoint], {
    description:
      'A point for each trading day; where they are more, those that keep every high and low. 5 to 5000.',
  })
  async equityCurve(
    @Root() backtest: Backtest,
    @Arg('maxPoints', () => Int, { defaultValue: 1_000 }) maxPoints: number,
    @Ctx() context: RequestContext,
  ): Promise<EquityPoint[]> {
    checkMaxPoints(maxPoints);
    const curve = await context.loaders.backtestCurves.load(backtest.id);
    if (curve === null) return [];
    const { startingCash } = backtest.settings;
    const points = equityPoints(curve, typeof startingCash === 'string' ? startingCash : '0');
    return [...withinPoints(points, maxPoints)];
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Path on this gateway of the HTML report.',
  })
  reportPath(@Root() backtest: Backtest, @Ctx() context: RequestContext): string | null {
    const { id, resultHash } = backtest;
    return resultHash === null ? null : context.services.backtests.reportPath(context, id);
  }
}
