import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../../core/market/bar.ts';
import type { Quote } from '../../core/market/quote.ts';
import type { RequestContext } from '../context.ts';

export interface BarStreamArgs {
  readonly symbols: readonly string[];
  readonly interval: BarInterval;
}

export function openQuotes(context: RequestContext, symbols: readonly string[]): AsyncIterable<Quote> {
  context.services.streamAccess.symbols(context, symbols);
  return context.services.streams.quotes(context, symbols);
}

export function openBars(context: RequestContext, { symbols, interval }: BarStreamArgs): AsyncIterable<Bar> {
  context.services.streamAccess.symbols(context, symbols);
  return context.services.streams.bars(context, symbols, interval);
}
