import type { Command } from '../../core/engine/command.ts';
import { CommandError, type CommandResult } from '../../core/engine/decision.ts';
import type { Execution } from '../../core/engine/execute.ts';
import { restoreState, snapshotState } from '../../core/engine/snapshot.ts';
import type { Order } from '../../core/orders/order.ts';
import { orderFromRecord, orderToRecord } from '../../core/orders/order-record-codec.ts';
import { emptyPosition, foldPosition } from '../../core/portfolio/apply-fill.ts';
import type { Position } from '../../core/portfolio/position.ts';
import { ALL_CAPABILITIES, EngineFixture } from '../support/engine-fixture.ts';
import { FEE_PER_UNIT, LEVERAGE, MOST_OPEN_ORDERS, MULTIPLIERS, STARTING_CASH } from './reference-model.ts';

/** Something done to the account; kept, so that the same can be done to another one. */
export type Step = (account: AccountUnderTest) => Execution | string | null;

const answerOf = (result: CommandResult): string => {
  switch (result.kind) {
    case 'orderPlaced':
      return `placed ${result.orderId}${result.replayed ? ' again' : ''}`;
    case 'denied': {
      const order = result.orderId === null ? '' : ` ${result.orderId}`;
      return `denied ${result.denial.code}${order}${result.replayed ? ' again' : ''}`;
    }
    case 'replaceRequested':
      return `replace requested ${result.orderId}`;
    case 'cancelRequested':
      return `cancel requested ${result.orderIds.join(' ')}`;
    case 'done':
      return 'done';
  }
};

/** The engine, with the archive that the runtime would hand it and a log of what it asks of the venue. */
export class AccountUnderTest {
  readonly engine = new EngineFixture({ maxOpenOrders: MOST_OPEN_ORDERS }, STARTING_CASH);
  readonly script: Step[] = [];
  readonly sends: string[] = [];
  /** Every order as it was last touched, also after it has left memory. */
  private readonly orders = new Map<string, Order>();

  constructor() {
    const { engine } = this;
    const fees = { ...ALL_CAPABILITIES.fees, perUnit: FEE_PER_UNIT };
    engine.capabilities = { ...ALL_CAPABILITIES, buyingPowerMultiplier: String(LEVERAGE), fees };
    for (const [symbol, instrument] of engine.instruments) {
      const multiplier = (MULTIPLIERS[symbol] ?? 1n) * 10n ** 18n;
      engine.instruments.set(symbol, { ...instrument, multiplier });
    }
    const recalled = (order: Order | undefined): Order | undefined =>
      order === undefined ? undefined : orderFromRecord(orderToRecord(order, { fills: true }));
    engine.archive = {
      order: (id) => recalled(this.orders.get(id)),
      orderByClientId: (clientId) =>
        recalled([...this.orders.values()].find(({ clientOrderId }) => clientOrderId === clientId)),
      positionWithoutFill: (id, executionId) => this.positionWithoutFill(id, executionId),
    };
  }

  /** Does a step and gives its answer. */
  perform(step: Step): string {
    this.script.push(step);
    try {
      const outcome = step(this);
      if (outcome === null || typeof outcome === 'string') return outcome ?? 'done';
      for (const [id, order] of outcome.touched) this.orders.set(id, order);
      for (const { event } of outcome.events) {
        if (event.type === 'SUBMITTED') this.sends.push(`submit ${event.orderId} ${event.revision}`);
        if (event.type === 'REPLACE_REQUESTED') this.sends.push(`replace ${event.orderId} ${event.revision}`);
        if (event.type === 'CANCEL_REQUESTED') this.sends.push(`cancel ${event.orderId}`);
      }
      return answerOf(outcome.result);
    } catch (error) {
      if (error instanceof CommandError) return `error ${error.code}`;
      throw error;
    }
  }

  run(command: Command): string {
    return this.perform(({ engine }) => engine.execute(command));
  }

  /** As it is in memory, else as it left. */
  order(id: string): Order | undefined {
    return this.engine.state.orders.get(id) ?? this.orders.get(id);
  }

  restart(): void {
    this.engine.state = restoreState(snapshotState(this.engine.state));
  }

  private positionWithoutFill(orderId: string, executionId: string): Position | undefined {
    const order = this.orders.get(orderId);
    if (order === undefined) return undefined;
    const standing = [...this.orders.values()]
      .filter(({ symbol }) => symbol === order.symbol)
      .flatMap(({ id, side, fills }) => [...fills.values()].map((fill) => ({ ...fill, id, side })))
      .filter((fill) => !fill.busted && (fill.id !== orderId || fill.executionId !== executionId))
      .sort((a, b) => a.seq - b.seq);
    return foldPosition(emptyPosition(order.symbol, order.currency, order.multiplier), standing);
  }
}
