import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { EngineFixture } from './engine-fixture.ts';

interface Live {
  readonly orderId: string;
  revision: number;
  quantity: Fixed;
  filled: Fixed;
  open: boolean;
}

type Message = () => void;

/**
 * A venue that does what it is asked, in order, and tells all of it, in order; requests and messages are
 * under way until a test lets them arrive. So whatever crosses on the way is real.
 */
export class FaithfulVenue {
  private readonly engine: EngineFixture;
  private readonly orders = new Map<string, Live>();
  private readonly requests: (() => void)[] = [];
  private readonly messages: Message[] = [];
  private seen = 0;
  private executions = 0;

  constructor(engine: EngineFixture) {
    this.engine = engine;
  }

  /** Takes up what the journal has asked of the venue since. */
  collect(): void {
    for (const { event } of this.engine.journal.slice(this.seen)) this.take(event);
    this.seen = this.engine.journal.length;
  }

  /** The oldest request arrives at the venue. */
  arrive(): void {
    this.requests.shift()?.();
  }

  /** The gateway hears the oldest message. */
  hear(): void {
    this.messages.shift()?.();
    this.collect();
  }

  /** Executes up to `units` of one of the live orders. */
  trade(index: number, units: number): void {
    const live = [...this.orders.values()].filter(({ open }) => open);
    const order = live[index % Math.max(live.length, 1)];
    if (order === undefined) return;
    const leaves = order.quantity - order.filled;
    const wanted = parseDecimal(String(units));
    const quantity = wanted < leaves ? wanted : leaves;
    order.filled += quantity;
    order.open = order.filled < order.quantity;
    this.executions += 1;
    const executionId = `x${this.executions}`;
    const { orderId, revision } = order;
    const text = formatDecimal(quantity);
    const rest = { price: '100', fee: null, feeCurrency: null, liquidity: null, cursor: null };
    this.messages.push(() =>
      this.engine.message(orderId, { kind: 'filled', executionId, quantity: text, ...rest }, revision),
    );
  }

  /** Everything under way arrives. */
  settle(): void {
    this.collect();
    while (this.requests.length > 0 || this.messages.length > 0) {
      if (this.requests.length > 0) this.arrive();
      else this.hear();
    }
  }

  leavesOf(orderId: string): Fixed {
    const order = this.orders.get(orderId);
    return order?.open === true ? order.quantity - order.filled : 0n;
  }

  private tell(orderId: string, revision: number, event: Parameters<EngineFixture['message']>[1]): void {
    this.messages.push(() => this.engine.message(orderId, event, revision));
  }

  private take(event: JournaledEvent['event']): void {
    switch (event.type) {
      case 'SUBMITTED': {
        const { orderId, revision } = event;
        const quantity = this.engine.order(orderId).quantity ?? 0n;
        this.requests.push(() => {
          this.orders.set(orderId, { orderId, revision, quantity, filled: 0n, open: true });
          this.tell(orderId, revision, { kind: 'accepted', quantity: null });
        });
        return;
      }
      case 'REPLACE_REQUESTED': {
        const { orderId, revision, terms } = event;
        this.requests.push(() => this.replace(orderId, revision, parseDecimal(terms.quantity ?? '0')));
        return;
      }
      case 'CANCEL_REQUESTED': {
        const { orderId } = event;
        this.requests.push(() => this.cancel(orderId));
        return;
      }
      default:
    }
  }

  private replace(orderId: string, revision: number, quantity: Fixed): void {
    const order = this.orders.get(orderId);
    if (order?.open !== true || quantity <= order.filled) {
      this.tell(orderId, revision, { kind: 'replaceRejected', code: 'TOO_LATE', message: 'late' });
      return;
    }
    order.quantity = quantity;
    order.revision = revision;
    this.tell(orderId, revision, { kind: 'replaced' });
  }

  private cancel(orderId: string): void {
    const order = this.orders.get(orderId);
    if (order?.open !== true) {
      this.tell(orderId, order?.revision ?? 0, { kind: 'cancelRejected', code: 'TOO_LATE', message: 'late' });
      return;
    }
    order.open = false;
    this.tell(orderId, order.revision, { kind: 'canceled', reason: null });
  }
}
