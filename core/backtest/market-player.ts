import type { SimulatedExchange } from '@omniquant/venue/simulated-exchange';

import type { Arrivals } from './arrivals.ts';
import type { BacktestAccount } from './backtest-account.ts';
import type { BarLiquidity } from './bar-liquidity.ts';
import type { DoneOrders } from './done-orders.ts';
import type { PathRule } from './fills-schema.ts';
import type { Responses } from './responses.ts';
import { type PlayerSurroundings, type SavedPlayer, SymbolPlayer } from './symbol-player.ts';
import type { TickLiquidity } from './ticks/tick-liquidity.ts';
import type { TickMarket } from './ticks/tick-market.ts';
import { type SavedTickPlayer, TickPlayer } from './ticks/tick-player.ts';
import type { TradedSymbol } from './traded-symbol.ts';

export interface MarketPlayerOptions {
  readonly exchange: SimulatedExchange;
  readonly account: BacktestAccount;
  readonly arrivals: Arrivals;
  readonly done: DoneOrders;
  readonly symbols: ReadonlyMap<string, TradedSymbol>;
  readonly liquidity: ReadonlyMap<string, BarLiquidity>;
  readonly rule: PathRule;
  readonly responses: Responses;
  /** Symbols whose ticks are known, and what those trade with orders. */
  readonly ticks: ReadonlyMap<string, { readonly market: TickMarket; readonly liquidity: TickLiquidity }>;
}

/** Where the markets stand; JSON. */
export interface SavedMarket {
  readonly playing: readonly string[];
  readonly players: readonly (readonly [string, SavedPlayer])[];
  readonly ticks: readonly (readonly [string, SavedTickPlayer])[];
  readonly responses: ReturnType<Responses['save']>;
}

/** Leads the market of one symbol. */
type Player = Pick<SymbolPlayer, 'symbol' | 'join' | 'nextAt' | 'step'>;

/**
 * The venue's side of a run: the markets in which the account has orders, led through their bars and ticks together in the
 * order of time; of stops at the same instant the symbol that came first in the settings goes first. After every stop the
 * account hears what the venue says, and what it asks of the venue in answer is on its way.
 */
export class MarketPlayer {
  private readonly options: MarketPlayerOptions;
  private readonly players = new Map<string, Player>();
  private readonly ofBars = new Map<string, SymbolPlayer>();
  private readonly ofTicks = new Map<string, TickPlayer>();
  /** Those that play, in the order of the settings. */
  private playing: Player[] = [];

  constructor(options: MarketPlayerOptions) {
    this.options = options;
    const around = this.surroundings();
    for (const [name, symbol] of options.symbols) {
      const ticks = options.ticks.get(name);
      const liquidity = options.liquidity.get(name);
      if (ticks !== undefined) this.ofTicks.set(name, new TickPlayer(ticks.market, ticks.liquidity, around));
      else if (liquidity !== undefined) this.ofBars.set(name, new SymbolPlayer(symbol, liquidity, around));
      const player = this.ofTicks.get(name) ?? this.ofBars.get(name);
      if (player !== undefined) this.players.set(name, player);
    }
  }

  /** The markets are at their beginning, and ticks that come are traded with. */
  begin(): void {
    for (const player of this.ofTicks.values()) player.attach();
  }

  /**
   * Plays everything up to and including an instant.
   * @param heard Called after every stop, when somebody is to hear of it there and then; answers up to when to play.
   */
  playUntil(at: number, heard: (() => number) | null = null): void {
    const { account, responses } = this.options;
    const { busy } = account;
    this.gather();
    let known = busy.size;
    let until = at;
    for (;;) {
      let first = responses.firstAt;
      for (const player of this.playing) first = Math.min(first, player.nextAt());
      if (first > until) break;
      if (responses.firstAt <= first) this.respond(first);
      for (const player of this.playing) {
        // Those before it may have changed what it waits for.
        if (player.nextAt() === first) player.step();
      }
      if (heard !== null) until = Math.min(at, heard());
      if (busy.size !== known || busy.size !== this.playing.length) {
        this.gather();
        known = busy.size;
      }
    }
  }

  /** A tick has moved the market of a symbol in which the account has orders; the markets have been played up to it. */
  look(symbol: string, at: number): void {
    this.gather();
    this.ofTicks.get(symbol)?.look(at);
  }

  /** Nobody plays: the next to have orders joins its market where it then stands. */
  rest(): void {
    if (this.playing.length > 0) this.playing = [];
  }

  /** Looks who has orders now; those that are new come in at the account's time. */
  gather(): void {
    const { account } = this.options;
    const { busy } = account;
    if (busy.size === this.playing.length && this.playing.every(({ symbol }) => busy.has(symbol.symbol))) {
      return;
    }
    const before = new Set(this.playing);
    this.playing = [];
    for (const [name, player] of this.players) {
      if (!busy.has(name)) continue;
      if (!before.has(player)) player.join(account.now);
      this.playing.push(player);
    }
  }

  save(): SavedMarket {
    return {
      playing: this.playing.map(({ symbol }) => symbol.symbol),
      players: [...this.ofBars].map(([name, player]) => [name, player.save()] as const),
      ticks: [...this.ofTicks].map(([name, player]) => [name, player.save()] as const),
      responses: this.options.responses.save(),
    };
  }

  restore(saved: SavedMarket): void {
    for (const [name, player] of saved.players) this.ofBars.get(name)?.restore(player);
    for (const [name, player] of saved.ticks) this.ofTicks.get(name)?.restore(player);
    this.options.responses.restore(saved.responses);
    this.playing = saved.playing.flatMap((name) => this.players.get(name) ?? []);
  }

  private surroundings(): PlayerSurroundings {
    const { account, arrivals, exchange, rule, symbols } = this.options;
    const settle = (symbol: string): void => {
      this.settle(symbol);
    };
    return {
      rule,
      isOpen: (symbol) => exchange.isOpen(symbol),
      showTick: (symbol, tick) => {
        exchange.showTick(symbol, tick);
      },
      tick(symbol, tick) {
        exchange.tick(symbol, tick);
        settle(symbol);
      },
      open(symbol, price) {
        exchange.open(symbol, price);
        settle(symbol);
      },
      resume: (symbol, tick) => {
        exchange.resumeSession(symbol, tick);
      },
      close(symbol, price) {
        exchange.close(symbol, price);
        settle(symbol);
        if (account.state.heldOrderIds.size > 0) account.clockTicked();
      },
      setTime: (at) => {
        this.setTime(at);
      },
      liveOrders: (symbol) => exchange.liveOrdersOf(symbol),
      heldLevels: (symbol) => heldLevels(account, symbols.get(symbol)),
      awaitsOpen: (symbol) => awaitsOpen(exchange, arrivals, symbol),
      nextArrival: (symbol) => arrivals.firstAt(symbol),
      deliver: (symbol, at, isBeforeOpen) => {
        this.deliver(symbol, at, isBeforeOpen);
      },
    };
  }

  private setTime(at: number): void {
    const { account, exchange } = this.options;
    account.setTime(at);
    exchange.setTime(account.now);
    for (const { symbol } of this.playing) exchange.expireDated(symbol.symbol);
    this.listen();
  }

  /** Requests that are there, and those that follow from them and take no time. */
  private deliver(symbol: string, at: number, isBeforeOpen: boolean): void {
    const { account, arrivals, exchange, responses } = this.options;
    for (;;) {
      const due = arrivals.take(symbol, at, ({ command }) => !isBeforeOpen || isForOpening(command));
      if (due.length === 0) return;
      for (const arrival of due) {
        const outcome = exchange.execute(arrival.command);
        this.settle(symbol);
        if (responses.areSlow) {
          responses.send(account.exactNow, { messages: [], answer: { arrival, outcome } });
        } else account.answer(arrival, outcome);
      }
    }
  }

  /** The account hears what has happened at the venue, and looks at its own triggers. */
  private settle(symbol: string): void {
    this.listen();
    this.options.account.marketMoved(symbol);
  }

  private listen(): void {
    const { account, done, exchange, responses } = this.options;
    const output = exchange.drain();
    const { messages } = output;
    const isSlow = responses.areSlow;
    if (messages.length > 0 && isSlow) responses.send(account.exactNow, { messages, answer: null });
    if (output.orders.length > 0) done.take(output);
    if (messages.length > 0 && !isSlow) account.hear(output);
  }

  /** What the venue said has come to the account. */
  private respond(at: number): void {
    const { account, responses } = this.options;
    account.setTime(at);
    for (const { answer, messages } of responses.take(at)) {
      if (messages.length > 0) account.hear({ messages });
      if (answer !== null) account.answer(answer.arrival, answer.outcome);
    }
  }
}

const awaitsOpen = (exchange: SimulatedExchange, arrivals: Arrivals, symbol: string): boolean =>
  arrivals.some(symbol, ({ command }) => isForOpening(command)) ||
  [...exchange.liveOrdersOf(symbol)].some(({ terms }) => terms.timeInForce === 'OPG');

const isForOpening = (command: {
  readonly kind: string;
  readonly terms?: { readonly timeInForce: string };
}) => command.terms?.timeInForce === 'OPG';

const heldLevels = ({ state }: BacktestAccount, symbol: TradedSymbol | undefined): readonly number[] => {
  const ids = symbol === undefined ? undefined : state.heldOrderIds.get(symbol.symbol);
  if (ids === undefined || symbol === undefined) return NO_LEVELS;
  const { tickSize } = symbol.instrument;
  const levels: number[] = [];
  for (const id of ids) {
    const order = state.orders.get(id);
    const isWatched = order?.lifecycle === 'HELD' && order.heldFor === 'EMULATED_TRIGGER';
    if (isWatched && order.triggerPrice !== null) levels.push(Number(order.triggerPrice / tickSize));
  }
  return levels;
};

const NO_LEVELS: readonly number[] = [];
