import type { VenueCommand } from '@omniquant/venue/commands';

import { venueOrderId } from '../orders/venue-order-id.ts';
import type { BrokerSend } from '../runtime/broker-send.ts';
import { createLatency, type Latency } from './latency.ts';
import type { LatencySettings } from './latency-schema.ts';

export const VENUE_ID_PREFIX = 'BT';
export const ACCOUNT = 'backtest';

/** A request on its way to the venue. */
export interface Arrival {
  /** Market time at which it is there. */
  readonly dueAt: number;
  readonly orderId: string;
  readonly symbol: string;
  readonly revision: number;
  readonly command: VenueCommand;
}

export const commandOf = (send: BrokerSend): VenueCommand => {
  const idOf = (revision: number): string => venueOrderId(VENUE_ID_PREFIX, send.orderId, revision);
  switch (send.kind) {
    case 'submit':
      return { kind: 'submit', account: ACCOUNT, venueOrderId: idOf(send.revision), terms: send.terms };
    case 'replace':
      return {
        kind: 'replace',
        account: ACCOUNT,
        previousVenueOrderId: idOf(send.previousRevision),
        previousBrokerOrderId: send.previousBrokerOrderId,
        venueOrderId: idOf(send.revision),
        terms: send.terms,
      };
    case 'cancel':
      return {
        kind: 'cancel',
        account: ACCOUNT,
        venueOrderId: idOf(send.revision),
        brokerOrderId: send.brokerOrderId,
      };
  }
};

/** What is under way to the venue, by symbol in the order of arrival. Requests for one order do not overtake each other. */
export class Arrivals {
  /** Of all symbols. */
  count = 0;
  private readonly bySymbol = new Map<string, Arrival[]>();
  readonly latency: Latency;

  constructor(latency: LatencySettings) {
    this.latency = createLatency(latency);
  }

  send(send: BrokerSend, now: number): void {
    const { symbol } = send.order;
    const dueAt = now + this.latency.toVenue(send.kind, now);
    const before = this.bySymbol.get(symbol)?.findLast(({ orderId }) => orderId === send.orderId);
    this.add({
      dueAt: Math.max(dueAt, before?.dueAt ?? dueAt),
      symbol,
      orderId: send.orderId,
      revision: send.revision,
      command: commandOf(send),
    });
  }

  add(arrival: Arrival): void {
    const known = this.bySymbol.get(arrival.symbol);
    this.count += 1;
    if (known === undefined) {
      this.bySymbol.set(arrival.symbol, [arrival]);
      return;
    }
    let place = known.length;
    while (place > 0 && known[place - 1]!.dueAt > arrival.dueAt) place -= 1;
    known.splice(place, 0, arrival);
  }

  has(symbol: string): boolean {
    return (this.bySymbol.get(symbol)?.length ?? 0) > 0;
  }

  /** When the first of a symbol is there; Infinity without any. */
  firstAt(symbol: string): number {
    return this.bySymbol.get(symbol)?.[0]?.dueAt ?? Infinity;
  }

  some(symbol: string, is: (arrival: Arrival) => boolean): boolean {
    return this.bySymbol.get(symbol)?.some(is) ?? false;
  }

  /** Takes out what is there at an instant, in order. */
  take(symbol: string, at: number, wanted: (arrival: Arrival) => boolean = () => true): Arrival[] {
    const known = this.bySymbol.get(symbol);
    if (known === undefined || known.length === 0) return NONE;
    const taken = known.filter((arrival) => arrival.dueAt <= at && wanted(arrival));
    if (taken.length === 0) return NONE;
    const left = known.filter((arrival) => !taken.includes(arrival));
    if (left.length === 0) this.bySymbol.delete(symbol);
    else this.bySymbol.set(symbol, left);
    this.count -= taken.length;
    return taken;
  }

  /** Whether a request that names the venue's order is under way. */
  names(venueId: string): boolean {
    for (const known of this.bySymbol.values()) {
      for (const { command } of known) {
        if (command.venueOrderId === venueId) return true;
        if (command.kind === 'replace' && command.previousVenueOrderId === venueId) return true;
      }
    }
    return false;
  }

  all(): Arrival[] {
    return [...this.bySymbol.values()].flat();
  }
}

const NONE: Arrival[] = [];
