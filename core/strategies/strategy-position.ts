import type { QueuedInput } from './input-queue.ts';
import type { StrategyPosition } from './strategy-event.ts';

/** Where a strategy stands after these inputs. */
export const advance = (position: StrategyPosition, taken: readonly QueuedInput[]): StrategyPosition => {
  let { started, seq, half } = position;
  const bars: Record<string, number> = { ...position.bars };
  const timers = new Map(Object.entries(position.timers));
  for (const { input, series, seq: reached, isHalf } of taken) {
    if (input.kind === 'start') started = true;
    if (input.kind === 'bar' && series !== undefined) bars[series] = input.bar.at;
    if (input.kind === 'timer' && timers.get(input.timer.name) === input.timer.at) {
      timers.delete(input.timer.name);
    }
    if (reached === undefined) continue;
    half = isHalf === true ? reached : null;
    if (half === null) seq = Math.max(seq, reached);
  }
  return { started, seq, half, bars, timers: Object.fromEntries(timers) };
};
