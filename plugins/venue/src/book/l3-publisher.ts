import { EVENT, type EventLog } from './event-log.ts';

/** Takes L3 messages; {@link L3Replay} does. */
export interface L3Sink {
  add(id: number, side: 'BUY' | 'SELL', price: number, lots: number): void;
  reduce(id: number, lots: number): void;
  execute(id: number, lots: number): void;
  delete(id: number): void;
  /** Whether the order is known from an earlier message. */
  has(id: number): boolean;
}

/**
 * Says what an engine's last command changed of the shown book, as messages about single orders. Hidden
 * parts do not appear: the next part of an iceberg is a new order of the same id, behind the others. What
 * does not show, as a market order in an auction, is not mentioned.
 */
export function publishL3(events: EventLog, sink: L3Sink): void {
  for (let index = 0; index < events.count; index += 1) {
    const id = events.id(index);
    switch (events.kindCode(index)) {
      case EVENT.RESTED:
      case EVENT.REFRESHED:
        sink.add(id, events.side(index), events.price(index), events.quantity(index));
        break;
      case EVENT.TRADE:
        sink.execute(events.otherId(index), events.quantity(index));
        break;
      case EVENT.AUCTION_TRADE:
        if (sink.has(id)) sink.execute(id, events.quantity(index));
        if (sink.has(events.otherId(index))) sink.execute(events.otherId(index), events.quantity(index));
        break;
      case EVENT.REDUCED:
        if (events.otherLeaves(index) > 0) sink.reduce(id, events.otherLeaves(index));
        break;
      case EVENT.CANCELED:
      case EVENT.REPLACED:
        if (events.otherLeaves(index) > 0) sink.delete(id);
        break;
      default:
        break;
    }
  }
}
