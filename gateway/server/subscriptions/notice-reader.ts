import type { StrategyNotice } from '../../../core/ports/bus.ts';
import type { FeedReader } from './feed.ts';
import type { StrategyWatch } from './strategy-watch.ts';

/**
 * One subscriber's queue of what a strategy says. Of what does not fit the oldest is lost, as what is said
 * may get lost on its way all the same; the subscriber is told how much.
 */
export function openNoticeReader(
  watch: StrategyWatch,
  release: () => void,
  capacity: number,
  wake: () => void,
): FeedReader<StrategyNotice> {
  const waiting: StrategyNotice[] = [];
  let lost = 0;
  let isOver = watch.isOver;
  const stop = watch.listen({
    said(notice) {
      waiting.push(notice);
      if (waiting.length > capacity) {
        waiting.shift();
        lost += 1;
      }
      wake();
    },
    over() {
      isOver = true;
      wake();
    },
  });
  if (isOver) wake();

  /** In the place of those that are lost. */
  function takeGap(next: StrategyNotice): StrategyNotice {
    const message = `${String(lost)} events came faster than they were read and are left out`;
    lost = 0;
    return { ...next, level: 'WARN', message, data: null };
  }

  return {
    get end() {
      return isOver && waiting.length === 0 ? 'done' : null;
    },
    take() {
      const [next] = waiting;
      if (next === undefined) return null;
      if (lost > 0) return takeGap(next);
      waiting.shift();
      return next;
    },
    setBlocked: () => undefined,
    close() {
      isOver = true;
      waiting.length = 0;
      stop();
      release();
    },
  };
}
