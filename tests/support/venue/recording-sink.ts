import type {
  BrokerEvent,
  BrokerSink,
  BrokerStatus,
  VenueClock,
  VenueQuote,
  VenueTrade,
} from '@omniquant/plugin-sdk';

/** Keeps what a broker says, and lets a test wait for some of it. */
export class RecordingSink implements BrokerSink {
  readonly events: BrokerEvent[] = [];
  readonly statuses: BrokerStatus[] = [];
  readonly quotes: VenueQuote[] = [];
  readonly trades: VenueTrade[] = [];
  readonly clocks: VenueClock[] = [];
  private readonly waiting = new Set<() => void>();

  event(event: BrokerEvent): void {
    this.events.push(event);
    this.wake();
  }

  status(status: BrokerStatus): void {
    this.statuses.push(status);
    this.wake();
  }

  quote(quote: VenueQuote): void {
    this.quotes.push(quote);
    this.wake();
  }

  trade(trade: VenueTrade): void {
    this.trades.push(trade);
    this.wake();
  }

  clock(clock: VenueClock): void {
    this.clocks.push(clock);
    this.wake();
  }

  get state(): BrokerStatus['state'] | undefined {
    return this.statuses.at(-1)?.state;
  }

  kindsOf(venueOrderId: string): string[] {
    return this.events.flatMap((event) =>
      'venueOrderId' in event && event.venueOrderId === venueOrderId ? [event.kind] : [],
    );
  }

  /** Resolves when the condition holds; the test's own deadline ends a wait in vain. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.waiting.delete(check);
        resolve();
      };
      this.waiting.add(check);
      check();
    });
  }

  private wake(): void {
    for (const check of [...this.waiting]) check();
  }
}
