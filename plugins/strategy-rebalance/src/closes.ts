import type { Bar, Json } from '@omniquant/plugin-sdk';

type Saved = {
  readonly at: number | null;
  readonly arrived: readonly (number | null)[];
  readonly rounds: readonly (readonly number[])[];
};

/**
 * The closes of several symbols in step. A round is a time for which bars of all of them have come; a time at
 * which one is missing is left out.
 */
export class Closes {
  private readonly symbols: readonly string[];
  private readonly capacity: number;
  private at: number | null = null;
  private arrived: (number | null)[];
  /** Oldest first; each with one close a symbol. */
  private rounds: (readonly number[])[] = [];

  constructor(symbols: readonly string[], capacity: number) {
    this.symbols = symbols;
    this.capacity = capacity;
    this.arrived = symbols.map(() => null);
  }

  /** Whether there are as many rounds as were asked for. */
  get isReady(): boolean {
    return this.rounds.length === this.capacity;
  }

  /** Of the last round, by symbol. */
  get last(): ReadonlyMap<string, number> {
    const round = this.rounds.at(-1) ?? [];
    return new Map(round.map((close, index) => [this.symbols[index] ?? '', close]));
  }

  /** By symbol, then oldest first. */
  get series(): readonly (readonly number[])[] {
    return this.symbols.map((_, index) => this.rounds.map((round) => round[index]!));
  }

  /** Whether the bar completes a round. */
  update({ at, close, symbol }: Bar): boolean {
    const index = this.symbols.indexOf(symbol);
    // A close of zero or less is no price to share a portfolio out by: as if it were missing.
    if (index < 0 || !(close > 0) || (this.at !== null && at < this.at)) return false;
    if (this.at !== at) this.arrived.fill(null);
    this.at = at;
    this.arrived[index] = close;
    const round = this.arrived.filter((known) => known !== null);
    if (round.length < this.symbols.length) return false;
    this.rounds.push(round);
    if (this.rounds.length > this.capacity) this.rounds.shift();
    return true;
  }

  snapshot(): Json {
    return { at: this.at, arrived: [...this.arrived], rounds: [...this.rounds] };
  }

  restore(snapshot: Json): void {
    const saved = snapshot as Saved;
    this.at = saved.at;
    this.arrived = [...saved.arrived];
    this.rounds = [...saved.rounds];
  }
}
