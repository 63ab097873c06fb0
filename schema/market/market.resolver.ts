import type { BarInterval } from '@omniquant/plugin-sdk';
import { Arg, Args, Ctx, Float, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { Bar as CoreBar } from '../../core/market/bar.ts';
import type { Quote as CoreQuote } from '../../core/market/quote.ts';
import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { BarsArgs, InstrumentsArgs } from './market.args.ts';
import { BarIntervalEnum } from './market.enum.ts';
import { Bar, BarConnection, Instrument, InstrumentConnection, MarketClock, Quote } from './market.type.ts';
import { type BarStreamArgs, openBars, openQuotes } from './market-stream.ts';
import {
  barsRequest,
  instrumentPosition,
  toBar,
  toBarConnection,
  toInstrument,
  toInstrumentConnection,
} from './market-view.ts';

@Resolver()
export class MarketResolver {
  @Query(() => Instrument, { nullable: true })
  instrument(@Arg('symbol', () => String) symbol: string, @Ctx() context: RequestContext): Instrument | null {
    const instrument = context.services.market.instrument(context, symbol);
    return instrument && toInstrument(instrument);
  }

  @Query(() => InstrumentConnection, { description: 'In the order of symbols.' })
  instruments(
    @Args(() => InstrumentsArgs) args: InstrumentsArgs,
    @Ctx() context: RequestContext,
  ): InstrumentConnection {
    const { market } = context.services;
    const after = instrumentPosition(args);
    return toInstrumentConnection(
      market.instruments(context, args.search ?? null, pageSize(args.first), after),
    );
  }

  @Query(() => Quote, { nullable: true })
  quote(@Arg('symbol', () => String) symbol: string, @Ctx() context: RequestContext): Quote | null {
    return context.services.market.quote(context, symbol);
  }

  @Query(() => BarConnection, { description: 'Oldest first.' })
  async bars(@Args(() => BarsArgs) args: BarsArgs, @Ctx() context: RequestContext): Promise<BarConnection> {
    return toBarConnection(await context.services.market.bars(context, barsRequest(args)));
  }

  @Query(() => MarketClock, {
    description: 'The market clock that orders live by: replayed on the simulated venue, real elsewhere.',
  })
  market(@Ctx() context: RequestContext): MarketClock {
    return context.services.market.clock(context);
  }

  @Mutation(() => MarketClock, { description: 'Simulated venue only.' })
  setMarketSpeed(
    @Arg('speed', () => Float, { description: 'Market seconds a second.' }) speed: number,
    @Ctx() context: RequestContext,
  ): Promise<MarketClock> {
    return context.services.market.setSpeed(context, speed);
  }

  @Subscription(() => Quote, {
    subscribe: ({ args, context }) =>
      openQuotes(context as RequestContext, (args as { symbols: string[] }).symbols),
  })
  quotes(@Root() quote: CoreQuote, @Arg('symbols', () => [String]) _symbols: string[]): Quote {
    return quote;
  }

  @Subscription(() => Bar, {
    name: 'bars',
    subscribe: ({ args, context }) => openBars(context as RequestContext, args as BarStreamArgs),
  })
  barStream(
    @Root() bar: CoreBar,
    @Arg('symbols', () => [String]) _symbols: string[],
    @Arg('interval', () => BarIntervalEnum) _interval: BarInterval,
  ): Bar {
    return toBar(bar);
  }
}
