import type { Random } from '@omniquant/plugin-sdk/random';

import { type ClientCommand, type PlaceOrder } from '../../core/engine/command.ts';
import { CommandError } from '../../core/engine/decision.ts';
import { type CommandReply, UnavailableError } from '../../core/runtime/command-reply.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { GatewayLife } from './gateway-life.ts';
import type { Ask } from './plan.ts';
import { SYMBOL } from './simulated-venue.ts';

/** What a client was told in the end. */
export interface Answer {
  readonly accountId: string;
  readonly clientOrderId: string | null;
  readonly reply: CommandReply | { readonly refused: string };
}

export interface ClientsOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Those that listen at the moment. */
  readonly gateways: () => readonly GatewayLife[];
  /** The moment in which a client has its answer. */
  readonly onAnswer: (answer: Answer) => void;
  /** A placement that a client was told had no effect and will have none. */
  readonly onNotPlaced: (accountId: string, orderId: string) => void;
}

const PATIENCE_MS = 4_000;
const DEADLINE_MS = 3_000;

/**
 * Clients as they should be: each asks until it is answered, any gateway, always with the ids that it made
 * first. An order is known to it by its id once it has been told.
 */
export class Clients {
  private readonly options: ClientsOptions;
  /** Ids of placed orders by account and number. */
  private readonly orderIds = new Map<string, string>();
  private readonly placements = new Map<string, Extract<Ask, { kind: 'place' }>>();
  private made = 0;
  waiting = 0;

  constructor(options: ClientsOptions) {
    this.options = options;
  }

  ask(accountId: string, ask: Ask): void {
    const command = this.commandOf(accountId, ask);
    if (command !== null) void this.insist(accountId, command);
  }

  /** Until there is an answer. */
  async insist(accountId: string, command: () => ClientCommand): Promise<void> {
    const { clock, random } = this.options;
    this.waiting += 1;
    for (;;) {
      const gateways = this.options.gateways();
      const gateway = gateways[random.integer(0, Math.max(0, gateways.length - 1))];
      const answered = gateway !== undefined && (await this.tryOnce(gateway, accountId, command()));
      if (answered) break;
      await new Promise<void>((resolve) => void clock.after(random.integer(100, 500), resolve));
    }
    this.waiting -= 1;
  }

  private async tryOnce(gateway: GatewayLife, accountId: string, command: ClientCommand): Promise<boolean> {
    const { clock } = this.options;
    const meta = {
      ...{ actor: 'user:1', correlationId: 'c', traceparent: null },
      deadline: gateway.life.clock.now() + DEADLINE_MS,
    };
    const clientOrderId = 'clientOrderId' in command ? command.clientOrderId : null;
    return await new Promise<boolean>((resolve) => {
      const timer = clock.after(PATIENCE_MS, () => {
        resolve(false);
      });
      const settle = (reply: Answer['reply'] | null): void => {
        // A dead gateway's answer reaches nobody, and a stopped one's not yet.
        gateway.life.hear(() => {
          timer.cancel();
          if (reply !== null) this.take({ accountId, clientOrderId, reply }, command);
          resolve(reply !== null);
        });
      };
      void gateway.life
        .awake()
        .then(() => gateway.runtime.execute(accountId, command, meta))
        .then(settle, (error: unknown) => {
          const isVoid = error instanceof UnavailableError && error.outcome === 'NOT_PLACED';
          if (isVoid && (command.kind === 'placeOrder' || command.kind === 'closePosition')) {
            this.options.onNotPlaced(accountId, command.orderId);
          }
          settle(error instanceof CommandError ? { refused: error.code } : null);
        });
    });
  }

  private take(answer: Answer, command: ClientCommand): void {
    const { reply, accountId } = answer;
    if ('result' in reply && reply.result.kind === 'orderPlaced' && command.kind === 'placeOrder') {
      this.orderIds.set(`${accountId}/${command.clientOrderId}`, reply.result.orderId);
    }
    this.options.onAnswer(answer);
  }

  /** Null when the client does not know the order that it would speak of. */
  private commandOf(accountId: string, ask: Ask): (() => ClientCommand) | null {
    switch (ask.kind) {
      case 'place':
        this.placements.set(`${accountId}/c${String(ask.number)}`, ask);
        return () => this.placeOrder(ask);
      case 'placeAgain': {
        const before = this.placements.get(`${accountId}/c${String(ask.number)}`);
        return before === undefined ? null : () => this.placeOrder(before);
      }
      case 'cancel': {
        const orderId = this.orderIds.get(`${accountId}/c${String(ask.number)}`);
        return orderId === undefined ? null : () => ({ kind: 'cancelOrder', orderId, reason: null });
      }
      case 'replace': {
        const orderId = this.orderIds.get(`${accountId}/c${String(ask.number)}`);
        if (orderId === undefined) return null;
        const requestId = `r${String((this.made += 1))}`;
        const { limitPrice, quantity } = ask;
        return () => ({ kind: 'replaceOrder', orderId, requestId, limitPrice, quantity: String(quantity) });
      }
      case 'close': {
        const clientOrderId = `close${String((this.made += 1))}`;
        return () => ({
          ...{ kind: 'closePosition', clientOrderId, requestHash: 'h', symbol: SYMBOL, quantity: null },
          orderId: this.newId(),
        });
      }
      case 'cancelAll':
        return () => ({ kind: 'cancelAllOrders', symbol: null, reason: null });
    }
  }

  /** A gateway gives an order its id anew each time that it is asked. */
  private newId(): string {
    return `o${String((this.made += 1))}`;
  }

  placeOrder({ number, side, quantity, limitPrice, bracket }: Extract<Ask, { kind: 'place' }>): PlaceOrder {
    const orderId = this.newId();
    const [profit, loss] = side === 'BUY' ? ['110', '90'] : ['90', '110'];
    return {
      ...{
        kind: 'placeOrder',
        clientOrderId: `c${String(number)}`,
        requestHash: `h${String(number)}`,
        orderId,
      },
      ...{ takeProfitId: `${orderId}tp`, stopLossId: `${orderId}sl` },
      terms: {
        ...{
          symbol: SYMBOL,
          side,
          type: limitPrice === null ? 'MARKET' : 'LIMIT',
          quantity: String(quantity),
        },
        ...{ notional: null, limitPrice, stopPrice: null, trailingOffset: null, trailingOffsetType: null },
        ...{ timeInForce: limitPrice === null ? 'DAY' : 'GTC', expireAt: null, postOnly: false },
        ...{ reduceOnly: false, displayQuantity: null, extendedHours: false },
      },
      takeProfit: bracket ? { limitPrice: profit } : null,
      stopLoss: bracket
        ? { stopPrice: loss, limitPrice: null, trailingOffset: null, trailingOffsetType: null }
        : null,
      strategyId: null,
      origin: 'API',
    };
  }
}
