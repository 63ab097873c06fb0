import { L2Replay } from '@omniquant/venue/book/l2-replay';

import { L2_ACTIONS, type L2Columns, type QuoteColumns } from '../../../core/backtest/tick-source.ts';

type Tops = Pick<QuoteColumns, 'ask' | 'at' | 'bid'>;

/**
 * Best bid and ask of a book behind each of its messages; NaN for an empty side, and while messages are missing.
 * @param tick Step of its prices.
 */
export async function* bookTops(blocks: AsyncIterable<L2Columns>, tick: number): AsyncGenerator<Tops> {
  const replay = new L2Replay();
  const message = { at: NaN, sequence: NaN };
  let isLost = true;
  let tops = { at: [] as number[], bid: [] as number[], ask: [] as number[] };
  const best = (side: 'BUY' | 'SELL'): number =>
    isLost ? NaN : (replay.depth(side, 1)[0]?.price ?? NaN) * tick;
  const endMessage = (): void => {
    if (Number.isNaN(message.at)) return;
    tops.at.push(message.at);
    tops.bid.push(best('BUY'));
    tops.ask.push(best('SELL'));
  };
  for await (const { action, at: times, price, sequence: numbers, side, size } of blocks) {
    for (let index = 0; index < times.length; index += 1) {
      const at = times[index] ?? NaN;
      const sequence = numbers[index] ?? NaN;
      const isSnapshot = action[index] === L2_ACTIONS.SNAPSHOT;
      if (isSnapshot || at !== message.at || !Object.is(sequence, message.sequence)) {
        endMessage();
        if (!isSnapshot && sequence !== message.sequence + 1 && !Number.isNaN(sequence + message.sequence)) {
          isLost = true;
        }
        Object.assign(message, { at, sequence });
      }
      if (isSnapshot) {
        replay.snapshot();
        isLost = false;
      } else if (!isLost) {
        const lots = (size[index] ?? 0) > 0 ? 1 : 0;
        replay.set((side[index] ?? 0) > 0 ? 'BUY' : 'SELL', Math.round((price[index] ?? 0) / tick), lots);
      }
    }
    yield columnsOf(tops);
    tops = { at: [], bid: [], ask: [] };
  }
  endMessage();
  yield columnsOf(tops);
}

const columnsOf = ({ ask, at, bid }: Readonly<Record<keyof Tops, readonly number[]>>): Tops => ({
  ...{ at: Float64Array.from(at), bid: Float64Array.from(bid), ask: Float64Array.from(ask) },
});
