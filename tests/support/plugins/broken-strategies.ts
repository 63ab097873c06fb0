/** Strategies that are broken on purpose, each in one way. */
import {
  type Bar,
  cancel,
  close,
  definePlugin,
  defineStrategy,
  type Json,
  log,
  place,
  type StrategyContext,
  type StrategyEffect,
  type StrategyHooks,
  T,
} from '@omniquant/plugin-sdk';

const HOUR_MS = 3_600_000;
const EVERY = 5;

const isDue = ({ at }: Bar): boolean => (at / HOUR_MS) % EVERY === 0;

/** A unit bought each fifth hour: what is sound in them all. */
const buy = ({ symbol, at }: Bar): StrategyEffect =>
  place({ ref: `${symbol}-${String(at)}`, symbol, side: 'BUY', quantity: '1', timeInForce: 'GTC' });

const buyAtTimes = (bar: Bar): StrategyEffect[] => (isDue(bar) ? [buy(bar)] : []);

const broken = (id: string, create: (ctx: StrategyContext) => StrategyHooks) =>
  defineStrategy({ id, description: `Broken: ${id}`, config: T.Object({}), create: (_, ctx) => create(ctx) });

const snapshotting = (id: string, snapshot: () => unknown) =>
  broken(id, () => ({ onBar: buyAtTimes, snapshot: () => snapshot() as Json, restore: () => undefined }));

export const usesChance = broken('uses-chance', () => ({
  onBar: (bar) => (Math.random() < 2 ? buyAtTimes(bar) : []),
}));

export const usesClock = broken('uses-clock', () => ({
  onBar: (bar) => (Date.now() > 0 ? buyAtTimes(bar) : []),
}));

export const hidesClock = broken('hides-clock', () => ({
  onBar(bar) {
    try {
      new Date();
    } catch {
      // It would rather not know.
    }
    return buyAtTimes(bar);
  },
}));

export const startsTimers = broken('starts-timers', () => ({
  onBar(bar) {
    clearTimeout(setTimeout(() => undefined, 1));
    return buyAtTimes(bar);
  },
}));

let runs = 0;
export const countsRuns = broken('counts-runs', () => {
  runs += 1;
  const quantity = String(runs);
  return { onBar: (bar) => (isDue(bar) ? [place({ symbol: bar.symbol, side: 'BUY', quantity })] : []) };
});

const seen = new Map<string, number>();

/** All instances of the process write down what they see, and look up what comes so many bars later. */
const clairvoyant = (id: string, ahead: number) =>
  broken(id, () => ({
    onBar(bar) {
      const keyAt = (at: number): string => `${id}/${bar.symbol}/${String(at)}`;
      seen.set(keyAt(bar.at), bar.close);
      const later = seen.get(keyAt(bar.at + ahead * HOUR_MS));
      return later !== undefined && later > bar.close ? [buy(bar)] : buyAtTimes(bar);
    },
  }));

export const knowsTheFuture = clairvoyant('knows-the-future', 1);
export const knowsTheFarFuture = clairvoyant('knows-the-far-future', 80);

type Counts = Record<string, number>;

const counted = (counts: Counts, bar: Bar): StrategyEffect[] => {
  const count = (counts[bar.symbol] ?? 0) + 1;
  counts[bar.symbol] = count;
  return count % EVERY === 0 ? [buy(bar)] : [];
};

/** What it saves is not all that it has. */
export const forgets = broken('forgets', () => {
  const counts: Counts = {};
  let bars = 0;
  return {
    onBar(bar) {
      bars += 1;
      return counted(counts, bar);
    },
    snapshot: () => ({ bars }),
    restore: (saved) => void ({ bars } = saved as { bars: number }),
  };
});

/** It would have to be warmed up with all bars that there ever were. */
export const cannotBeSaved = broken('cannot-be-saved', () => {
  const counts: Counts = {};
  return { onBar: (bar) => counted(counts, bar) };
});

const cyclic: unknown[] = [];
cyclic.push(cyclic);
export const savesBigInts = snapshotting('saves-bigints', () => ({ bars: 10n }));
export const savesCycles = snapshotting('saves-cycles', () => ({ cyclic }));
export const savesNaN = snapshotting('saves-nan', () => ({ averages: [1, Number.NaN] }));
export const savesMaps = snapshotting('saves-maps', () => ({ positions: new Map([['AAA', 1]]) }));
export const savesTooMuch = snapshotting('saves-too-much', () => 'x'.repeat(300_000));

export const growsForEver = broken('grows-for-ever', () => {
  let closes: number[] = [];
  return {
    onBar(bar) {
      closes.push(bar.close);
      return buyAtTimes(bar);
    },
    snapshot: () => [...closes],
    restore: (saved) => void (closes = [...(saved as number[])]),
  };
});

const fearful = (id: string, least: number, most: number) =>
  broken(id, () => {
    let last: Record<string, number> = {};
    return {
      onBar(bar) {
        const hours = (bar.at - (last[bar.symbol] ?? bar.at)) / HOUR_MS;
        last[bar.symbol] = bar.at;
        if (hours >= least && hours <= most) throw new Error('a bar is missing');
        return buyAtTimes(bar);
      },
      snapshot: () => ({ ...last }),
      restore: (saved) => void (last = { ...(saved as Record<string, number>) }),
    };
  });

export const fearsGaps = fearful('fears-gaps', 2, 3);
export const fearsHalts = fearful('fears-halts', 20, Infinity);

export const floodsAfterReject = broken('floods-after-reject', () => ({
  onBar: buyAtTimes,
  onOrderEvent: ({ status, symbol }) =>
    status === 'REJECTED' ? [place({ symbol, side: 'BUY', quantity: '1' })] : [],
}));

/** Not without end, and too much all the same. */
export const gridAfterDenial = broken('grid-after-denial', () => ({
  onBar: buyAtTimes,
  onOrderEvent: ({ ref, status, symbol }) =>
    status === 'DENIED' && ref.startsWith(symbol)
      ? Array.from({ length: 50 }, () => place({ symbol, side: 'BUY', quantity: '1' }))
      : [],
}));

export const expectsWholeFills = broken('expects-whole-fills', () => ({
  onBar: buyAtTimes,
  onFill({ quantity }) {
    if (quantity !== '1') throw new Error('a fill that I did not ask for');
    return [];
  },
}));

export const firstComeFirstServed = broken('first-come-first-served', () => {
  let lastAt = 0;
  return {
    onBar(bar) {
      if (bar.at === lastAt) return [];
      lastAt = bar.at;
      return buyAtTimes(bar);
    },
    snapshot: () => lastAt,
    restore: (saved) => void (lastAt = Number(saved)),
  };
});

export const cancelsUnknown = broken('cancels-unknown', () => ({
  onBar: (bar) => [...buyAtTimes(bar), cancel('my-order')],
}));

export const forgetsLimits = broken('forgets-limits', () => ({
  onBar: (bar) =>
    isDue(bar) ? [place({ symbol: bar.symbol, side: 'BUY', quantity: '1', type: 'LIMIT' })] : [],
}));

export const reusesNames = broken('reuses-names', () => ({
  onBar: ({ symbol, close: price }) => [
    place({
      ...{ ref: 'entry', symbol, side: 'BUY', quantity: '1', type: 'LIMIT', timeInForce: 'GTC' },
      limitPrice: (price / 2).toFixed(2),
    }),
  ],
}));

export const yieldsNumbers = broken('yields-numbers', () => ({
  onBar: (bar) =>
    isDue(bar) ? [place({ symbol: bar.symbol, side: 'BUY', quantity: 1 as unknown as string })] : [],
}));

export const logsMaps = broken('logs-maps', () => ({
  onBar: (bar) => [...buyAtTimes(bar), log('INFO', 'seen', new Map() as unknown as Json)],
}));

export const strays = broken('strays', () => ({ onBar: (bar) => [...buyAtTimes(bar), close('SPY')] }));

/** It says that it cancels its orders when it is stopped. */
export const leavesOrders = broken('leaves-orders', () => ({
  onBar: ({ at, close: price, symbol }) => [
    place({
      ...{
        ref: `${symbol}-${String(at)}`,
        symbol,
        side: 'BUY',
        quantity: '1',
        type: 'LIMIT',
        timeInForce: 'GTC',
      },
      limitPrice: (price * 0.97).toFixed(2),
    }),
  ],
  onStop: ({ portfolio }) => portfolio.orders.slice(1).map(({ ref }) => cancel(ref)),
}));

/** It says that it closes its positions when it is stopped. */
export const leavesPositions = broken('leaves-positions', () => ({
  onBar: buyAtTimes,
  onStop: ({ portfolio }) => (portfolio.position('AAA') > 0 ? [close('AAA', '1')] : []),
}));

export const needsHistory = defineStrategy({
  id: 'needs-history',
  description: 'Broken: needs more bars than a young market has',
  config: T.Object({}),
  inputs: () => ({ warmup: 30 }),
  create() {
    let closes: number[] = [];
    let isStarted = false;
    return {
      onStart() {
        isStarted = true;
        return [];
      },
      onBar(bar) {
        closes = [...closes, bar.close].slice(-60);
        if (isStarted && closes.length < 60) throw new RangeError('not enough bars');
        return buyAtTimes(bar);
      },
      snapshot: () => ({ closes, isStarted }),
      restore: (saved) => void ({ closes, isStarted } = saved as { closes: number[]; isStarted: boolean }),
    };
  },
});

export const badDefault = defineStrategy({
  id: 'bad-default',
  description: 'Broken: its default is below its minimum',
  config: T.Object({ length: T.Integer({ minimum: 5, default: 2 }) }),
  create: () => ({ onBar: buyAtTimes }),
});

export const idle = broken('idle', () => ({ onBar: () => [log('INFO', 'a bar')] }));

export default definePlugin({
  name: 'broken-strategies',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [usesChance, usesClock, forgets, savesNaN, fearsGaps, cancelsUnknown],
});
