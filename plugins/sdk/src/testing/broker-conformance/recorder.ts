import type { BrokerSink, BrokerStatus } from '../../broker.ts';
import type { BrokerEvent, VenueFill } from '../../broker-events.ts';
import type { VenueClock, VenueQuote, VenueTrade } from '../../venue-market.ts';

/** Keeps what a broker says. */
export class Recorder implements BrokerSink {
  readonly events: BrokerEvent[] = [];
  readonly statuses: BrokerStatus[] = [];
  readonly quotes: VenueQuote[] = [];
  readonly trades: VenueTrade[] = [];
  readonly clocks: VenueClock[] = [];

  event(event: BrokerEvent): void {
    this.events.push(event);
  }

  status(status: BrokerStatus): void {
    this.statuses.push(status);
  }

  quote(quote: VenueQuote): void {
    this.quotes.push(quote);
  }

  trade(trade: VenueTrade): void {
    this.trades.push(trade);
  }

  clock(clock: VenueClock): void {
    this.clocks.push(clock);
  }

  get state(): BrokerStatus['state'] | null {
    return this.statuses.at(-1)?.state ?? null;
  }

  get isReady(): boolean {
    return this.state === 'READY';
  }

  get fills(): readonly VenueFill[] {
    return this.events.filter((event) => event.kind === 'filled');
  }

  /** What was said of an order, by kind. */
  kindsOf(venueOrderId: string): readonly BrokerEvent['kind'][] {
    return this.events.flatMap((event) =>
      'venueOrderId' in event && event.venueOrderId === venueOrderId ? [event.kind] : [],
    );
  }
}
