import {
  close,
  defineStrategy,
  log,
  place,
  setTimer,
  type StrategyDefinition,
  type StrategyHooks,
  T,
} from '@omniquant/plugin-sdk';

import { orderEachBar } from '../../../support/strategy-world.ts';

/** A strategy of a few hooks, without a memory unless they have one. */
const made = (id: string, hooks: () => StrategyHooks, warmup = 0): StrategyDefinition =>
  defineStrategy({
    ...{ id, description: id, config: T.Object({}) },
    inputs: () => ({ warmup }),
    create: hooks,
  });

/** What the strategies have said; emptied by `forget`. */
export const said: string[] = [];
let failures = 0;

/** Before a test: nothing was said, nothing has failed. */
export function forget(): void {
  said.length = 0;
  failures = 0;
}

/** Each does one thing of which a gateway has to take care. The world looks here, so that a test may take one away. */
export const STRATEGIES: StrategyDefinition[] = [
  orderEachBar,
  made('fails-twice', () => {
    let bars = 0;
    return {
      *onBar({ symbol, at }) {
        bars += 1;
        if (bars === 3 && failures < 2) {
          failures += 1;
          throw new Error('a bug');
        }
        yield place({ ref: `bar-${String(at)}`, symbol, side: 'BUY', quantity: '1' });
      },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = Number(snapshot)),
    };
  }),
  made('closes-bracket', () => {
    let bars = 0;
    return {
      *onBar({ symbol }) {
        bars += 1;
        const exits = { takeProfit: { limitPrice: '300' }, stopLoss: { stopPrice: '100' } };
        if (bars === 1) yield place({ ref: 'entry', symbol, side: 'BUY', quantity: '2', ...exits });
        if (bars === 3) yield close(symbol);
      },
    };
  }),
  made('tells-outdated', () => {
    let bars = 0;
    return {
      *onBar({ at }, { portfolio }) {
        bars += 1;
        said.push(portfolio.isAhead ? 'outdated' : 'newest');
        yield setTimer('saved', at + 3_600_000);
      },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = Number(snapshot)),
    };
  }),
  made('always-fails', () => ({
    onBar() {
      throw new Error('never right');
    },
  })),
  made('counts-fills', () => {
    let fills = 0;
    return {
      *onStart() {
        for (const ref of ['one', 'two']) yield place({ ref, symbol: 'AAPL', side: 'BUY', quantity: '2' });
      },
      *onFill({ ref, quantity }, { portfolio }) {
        fills += 1;
        yield log('INFO', `fill ${ref} ${quantity}, ${String(portfolio.position('AAPL'))} held`);
        yield setTimer(`after ${ref}`, 1);
      },
      onOrderEvent({ ref, status }) {
        said.push(`${ref} ${status}`);
        return undefined;
      },
      *onStop({ portfolio }) {
        yield log('INFO', `stopped with ${String(fills)} fills and ${portfolio.quantity('AAPL')}`);
        yield close('AAPL');
      },
      snapshot: () => fills,
      restore: (snapshot) => void (fills = Number(snapshot)),
    };
  }),
  made('waits', () => ({
    *onStart() {
      yield setTimer('later', Date.UTC(2024, 0, 2, 15, 10));
      yield place({
        ref: 'resting',
        symbol: 'AAPL',
        side: 'BUY',
        quantity: '1',
        type: 'LIMIT',
        limitPrice: '1',
      });
    },
    *onTimer({ name }) {
      yield place({ ref: `timer-${name}`, symbol: 'AAPL', side: 'BUY', quantity: '1' });
    },
    snapshot: () => null,
    restore: () => undefined,
  })),
  made(
    'warms-up',
    () => {
      let seen = 0;
      return {
        onStart: () => [log('INFO', `began after ${String(seen)} bars`)],
        onBar() {
          seen += 1;
          return [log('INFO', `bar ${String(seen)}`)];
        },
      };
    },
    3,
  ),
  made('asks-for-too-much', () => ({
    onStart: () => [
      place({ ref: 'nothing', symbol: 'AAPL', side: 'BUY', quantity: '0' }),
      place({ ref: 'huge', symbol: 'AAPL', side: 'BUY', quantity: '99999999' }),
    ],
    onOrderEvent({ ref, status }) {
      said.push(`${ref} ${status}`);
      return undefined;
    },
  })),
];
