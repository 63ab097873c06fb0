import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';

/**
 * Inputs that a strategy was sent and has not taken yet. Those that it took stay until they outnumber the
 * others: a step with effects takes a few of a thousand, and copying the rest each time costs more than the
 * strategy does.
 */
export class HeldInputs {
  readonly inputs: StrategyInput[] = [];
  /** Where those begin that are not taken. */
  first = 0;

  /** Lets go of all behind the first `kept` that are not taken, and adds more. */
  add(kept: number, more: readonly StrategyInput[]): void {
    if (this.first * 2 > this.inputs.length) {
      this.inputs.splice(0, this.first);
      this.first = 0;
    }
    this.inputs.length = Math.min(this.inputs.length, this.first + kept);
    for (const input of more) this.inputs.push(input);
  }

  take(count: number): void {
    this.first += count;
  }
}
