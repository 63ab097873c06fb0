import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';

/** An input and what its being taken means for the strategy's position. */
export interface QueuedInput {
  readonly input: StrategyInput;
  /** Key of the series, for bars. */
  readonly series?: string;
  /** Journal sequence that is reached with it, for what happened to orders. */
  readonly seq?: number;
  /** The event has another input after this one. */
  readonly isHalf?: boolean;
}

/**
 * What waits for a strategy, in order. Bounded: bars, order events and timers that find it full are lost,
 * and the strategy has to begin again from what was committed. A quote takes the place of one of the same
 * symbol that still waits, so that a slow strategy sees the newest.
 */
export class InputQueue {
  private readonly limit: number;
  private items: QueuedInput[] = [];
  private wake = (): void => undefined;
  private isNudged = false;
  private isAwaited = false;
  /** Something that must not be lost found no room. */
  overflowed = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.items.length;
  }

  /** Nothing waits, and whoever takes from it does. */
  get isIdle(): boolean {
    return this.isAwaited && this.items.length === 0 && !this.isNudged;
  }

  add(item: QueuedInput): void {
    const { input } = item;
    if (input.kind === 'quote') {
      const known = this.items.findIndex(
        (waiting) => waiting.input.kind === 'quote' && waiting.input.quote.symbol === input.quote.symbol,
      );
      if (known >= 0) {
        this.items[known] = item;
        return;
      }
    }
    if (this.items.length >= this.limit) {
      this.overflowed ||= input.kind !== 'quote' && input.kind !== 'trade';
      return;
    }
    this.items.push(item);
    this.wake();
  }

  /** The oldest. */
  take(most: number): readonly QueuedInput[] {
    return this.items.splice(0, most);
  }

  /** What was taken and not used, in front of all others again. */
  putBack(items: readonly QueuedInput[]): void {
    this.items.unshift(...items);
  }

  /** Resolves when there is something, or at the next nudge. */
  async whenFilled(): Promise<void> {
    if (this.items.length === 0 && !this.isNudged) {
      this.isAwaited = true;
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.isAwaited = false;
    }
    this.isNudged = false;
  }

  /** Lets whoever waits look again. */
  nudge(): void {
    this.isNudged = true;
    this.wake();
  }
}
