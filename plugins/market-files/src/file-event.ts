import type { VenueBar, VenueInstrument, VenueQuote, VenueTrade } from '@omniquant/plugin-sdk';

import { barEndOf, zoneOf } from './intervals.ts';

/** A row of a file. */
export type FileEvent =
  | ({ readonly kind: 'bar' } & VenueBar)
  | ({ readonly kind: 'quote' } & VenueQuote)
  | ({ readonly kind: 'trade' } & VenueTrade);

/** When it may be known: a bar at its end. */
export const eventTime = (event: FileEvent, instrument: Pick<VenueInstrument, 'calendar'>): number =>
  event.kind === 'bar' ? barEndOf(event.at, event.interval, zoneOf(instrument)) : event.at;

/** What the symbol is worth by it; null for a quote that says too little. */
export function eventPrice(event: FileEvent): string | null {
  switch (event.kind) {
    case 'bar':
      return event.close;
    case 'quote':
      return event.last ?? event.bid ?? event.ask;
    case 'trade':
      return event.price;
  }
}
