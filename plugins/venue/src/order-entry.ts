import type { OrderTerms } from '@omniquant/plugin-sdk';

import type {
  CancelCommand,
  CommandOutcome,
  Refusal,
  ReplaceCommand,
  SubmitCommand,
  VenueCommand,
} from './commands.ts';
import { isRefusal } from './order-checks.ts';
import type { OrderDesk } from './order-desk.ts';
import type { OrderIntake } from './order-intake.ts';
import { brokerOrderIdOf, isLive, type OrderState, parseBrokerOrderId } from './order-state.ts';
import type { SymbolMarket } from './symbol-market.ts';

const refuse = (code: Refusal['code'], message: string): Refusal => ({ code, message });

/** Carries out what accounts ask for: it either refuses or changes the books. */
export class OrderEntry {
  private readonly desk: OrderDesk;
  private readonly markets: ReadonlyMap<string, SymbolMarket>;
  private readonly intake: OrderIntake;

  constructor(desk: OrderDesk, markets: ReadonlyMap<string, SymbolMarket>, intake: OrderIntake) {
    this.desk = desk;
    this.markets = markets;
    this.intake = intake;
  }

  execute(command: VenueCommand): CommandOutcome {
    switch (command.kind) {
      case 'submit':
        return this.submit(command);
      case 'replace':
        return this.replace(command);
      case 'cancel':
        return this.cancel(command);
    }
  }

  private submit(command: SubmitCommand): CommandOutcome {
    const refusal = this.checkIds(command);
    if (refusal !== null) return this.rejected(refusal);
    const order = this.intake.accept(command, undefined);
    if (isRefusal(order)) {
      this.desk.report(this.recordRefused(command, order), { kind: 'rejected', ...order });
      return this.rejected(order);
    }
    const market = this.marketOf(order);
    this.desk.add(order);
    this.desk.report(order, { kind: 'accepted', quantity: market.grid.quantity(order.lots) });
    market.enter(order);
    return this.accepted(order);
  }

  /** A replacement takes the place of its order at once, or leaves it as it is. */
  private replace(command: ReplaceCommand): CommandOutcome {
    const refusal = this.checkIds(command);
    if (refusal !== null) return this.rejected(refusal);
    const previous = this.find(command.account, command.previousVenueOrderId, command.previousBrokerOrderId);
    const order = this.checkReplaceable(previous, command.terms) ?? this.intake.accept(command, previous);
    if (isRefusal(order)) {
      this.desk.report(this.recordRefused(command, order), { kind: 'replaceRejected', ...order });
      return this.rejected(order);
    }
    const market = this.marketOf(order);
    if (previous !== undefined) this.desk.finish(previous, 'REPLACED', null);
    this.desk.add(order);
    this.desk.report(order, { kind: 'replaced' });
    if (previous !== undefined) market.succeed(previous, order);
    return this.accepted(order);
  }

  private cancel(command: CancelCommand): CommandOutcome {
    const order = this.find(command.account, command.venueOrderId, command.brokerOrderId);
    if (order === undefined) return this.rejected(refuse('UNKNOWN_ORDER', 'the venue has no such order'));
    if (!isLive(order)) {
      const refusal = refuse('TOO_LATE', `the order is ${order.status}`);
      const at = order.at;
      this.desk.report(order, { kind: 'cancelRejected', ...refusal });
      order.at = at;
      return this.rejected(refusal);
    }
    this.marketOf(order).end(order, 'CANCELED', 'canceled by its owner');
    return this.accepted(order);
  }

  /** The venue order id goes first: it names one revision. */
  private find(
    account: string,
    venueOrderId: string | null,
    brokerOrderId: string | null,
  ): OrderState | undefined {
    if (venueOrderId !== null) return this.desk.findOrder(account, venueOrderId);
    const id = brokerOrderId === null ? undefined : parseBrokerOrderId(brokerOrderId);
    const order = id === undefined ? undefined : this.desk.findById(id);
    return order?.account === account ? order : undefined;
  }

  private checkIds({ account, venueOrderId }: SubmitCommand | ReplaceCommand): Refusal | null {
    if (!this.desk.accounts.has(account)) return refuse('OTHER', `account ${account} is not known here`);
    if (venueOrderId === null || this.desk.findOrder(account, venueOrderId) === undefined) return null;
    return refuse('DUPLICATE_ORDER_ID', `order id ${venueOrderId} is taken: look the order up`);
  }

  private checkReplaceable(previous: OrderState | undefined, terms: OrderTerms): Refusal | null {
    if (previous === undefined) return refuse('UNKNOWN_ORDER', 'the venue has no such order');
    if (!isLive(previous)) return refuse('TOO_LATE', `the order is ${previous.status}`);
    const { symbol, side, type } = previous.terms;
    if (terms.symbol === symbol && terms.side === side && terms.type === type) return null;
    return refuse('INVALID_ORDER', 'a replacement keeps symbol, side and type');
  }

  /** Kept, so that the id stays taken and a lookup finds why. */
  private recordRefused(command: SubmitCommand | ReplaceCommand, refusal: Refusal): OrderState {
    const order = this.intake.refusedOrder(command, refusal.message);
    this.desk.add(order);
    return order;
  }

  private marketOf(order: OrderState): SymbolMarket {
    const market = this.markets.get(order.terms.symbol);
    if (market === undefined) throw new RangeError(`order ${order.id} has a symbol without a market`);
    return market;
  }

  private accepted(order: OrderState): CommandOutcome {
    return { kind: 'accepted', brokerOrderId: brokerOrderIdOf(order.id), at: this.desk.at };
  }

  private rejected(refusal: Refusal): CommandOutcome {
    return { kind: 'rejected', ...refusal, at: this.desk.at };
  }
}
