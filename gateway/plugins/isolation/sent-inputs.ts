import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';

/** The gateway's side of HeldInputs: which inputs a strategy was sent and has not taken. */
export class SentInputs {
  private list: readonly StrategyInput[] = [];
  private first = 0;
  private end = 0;

  get count(): number {
    return this.end - this.first;
  }

  /** How many of them, from the first, are the first of these. */
  keptBy(inputs: readonly StrategyInput[]): number {
    const { first, list } = this;
    const most = Math.min(this.count, inputs.length);
    let kept = 0;
    while (kept < most && inputs[kept] === list[first + kept]) kept += 1;
    return kept;
  }

  /** The strategy has those of `list` from `first` up to `end`, and no others. */
  set(list: readonly StrategyInput[], first: number, end: number): void {
    this.list = list;
    this.first = Math.min(first, end);
    this.end = end;
  }
}
