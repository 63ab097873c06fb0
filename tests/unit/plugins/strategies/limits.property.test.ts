import { describe, expect, it } from '@jest/globals';
import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import type { Random } from '@omniquant/plugin-sdk/random';
import fc from 'fast-check';

import { MINUTE } from './bars.ts';
import type { Desk } from './desk.ts';
import { disturb, STRATEGIES, type StrategyCase, trade } from './strategies.ts';

const caseOf = (name: string): StrategyCase => STRATEGIES.find((one) => one.name === name)!;
const SEED = fc.nat().map(String);
const RUNS = { numRuns: 25 };

/** Fills that come after the end of their order, within the time that is waited for them. */
function disturbLate(desk: Desk, random: Random): void {
  disturb(desk, random);
  for (const { filledQuantity, quantity, ref, status } of desk.orders.values()) {
    const left = Number(quantity) - Number(filledQuantity);
    const isOver = status === 'CANCELED' || status === 'EXPIRED' || status === 'REJECTED';
    const endedAt = endings.get(ref) ?? desk.now;
    if (isOver) endings.set(ref, endedAt);
    if (!isOver || left < 1 || desk.now > endedAt + MINUTE || !random.chance(0.3)) continue;
    desk.fill(ref, String(random.integer(1, left)));
  }
}
let endings = new Map<string, number>();

describe('an execution', () => {
  it.each(['execution, twap', 'execution, vwap'])('never exceeds its quantity: %s', (name) => {
    const one = caseOf(name);
    const whole = parseDecimal('500');
    fc.assert(
      fc.property(SEED, (seed) => {
        endings = new Map();
        const desk = trade(one, {
          ...{ seed, disturb: disturbLate },
          onMinute(at) {
            const executed = at.position('A');
            expect(executed < 0n ? -executed : executed).toBeLessThanOrEqual(whole);
          },
        });
        const open = desk.open().reduce((sum, { filledQuantity, quantity }) => {
          return sum + parseDecimal(quantity ?? '0') - parseDecimal(filledQuantity);
        }, 0n);
        const executed = desk.position('A') < 0n ? -desk.position('A') : desk.position('A');
        expect(executed + open).toBeLessThanOrEqual(whole);
        expect(desk.logs('ERROR')).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('a pair', () => {
  /** Refuses what opens a leg now and then, and fills all else within a few bars. */
  function refuseEntries(desk: Desk, random: Random): void {
    for (const { cancelAsked, ref, symbol } of desk.open()) {
      if (desk.position(symbol) === 0n && random.chance(0.2)) {
        desk.status(ref, random.chance(0.5) ? 'REJECTED' : 'DENIED');
      } else if (cancelAsked) desk.status(ref, 'CANCELED');
      else if (random.chance(0.4)) desk.fill(ref);
    }
  }

  it('is never one leg alone with no order about it', () => {
    let seen = 0;
    fc.assert(
      fc.property(SEED, (seed) => {
        trade(caseOf('pairs'), {
          ...{ seed, minutes: 200, disturb: refuseEntries },
          onMinute(desk) {
            const [first, second] = desk.symbols.map((symbol) => desk.position(symbol) !== 0n);
            if (first === second) return;
            seen += 1;
            expect(desk.open()).not.toEqual([]);
          },
        });
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(50);
  });

  it('opens both legs in one step or none', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        const desk = trade(caseOf('pairs'), { seed, onPlaced: (ref, at) => void at.fill(ref) });
        const placed = desk.effects.filter(({ effect }) => effect.type === 'place');
        expect(placed.length % 2).toBe(0);
        for (let index = 0; index < placed.length; index += 2) {
          expect(placed[index]?.at).toBe(placed[index + 1]?.at);
        }
      }),
      RUNS,
    );
  });
});

describe('a rebalance', () => {
  it('never orders for more than the cash that there is', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        const desk = trade(caseOf('rebalance'), {
          seed,
          onMinute(at) {
            const open = at.open().filter(({ side }) => side === 'BUY');
            expect(open.every(({ symbol }) => symbol === 'A' || symbol === 'B')).toBe(true);
            expect(at.cash).toBeGreaterThan(-0.02 * at.equity);
          },
          onPlaced(ref, at) {
            const order = at.orders.get(ref)!;
            if (order.side === 'SELL') return;
            const cost = at
              .open()
              .filter(({ side }) => side === 'BUY')
              .reduce(
                (sum, { quantity, symbol }) =>
                  sum + toNumber(parseDecimal(quantity ?? '0')) * at.price(symbol),
                0,
              );
            expect(cost).toBeLessThanOrEqual(at.cash + 1e-6);
            // Nothing is being sold while something is bought.
            expect(at.open().filter(({ side }) => side === 'SELL')).toEqual([]);
          },
        });
        expect(desk.placed.some((order) => order.startsWith('BUY'))).toBe(true);
      }),
      RUNS,
    );
  });

  it('never sells what it has not got', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        trade(caseOf('rebalance'), {
          seed,
          onMinute(desk) {
            for (const symbol of desk.symbols) expect(desk.position(symbol)).toBeGreaterThanOrEqual(0n);
          },
        });
      }),
      RUNS,
    );
  });
});

describe.each(['sma-cross', 'mean-reversion, bollinger', 'mean-reversion, rsi'])('%s', (name) => {
  it('never holds more than its quantity, nor has orders that would bring it beyond', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        trade(caseOf(name), {
          seed,
          onMinute(desk) {
            for (const symbol of desk.symbols) {
              const held = toNumber(desk.position(symbol));
              const open = desk.open(symbol).filter(({ ref }) => !ref.endsWith('.stopLoss'));
              expect(open.length).toBeLessThanOrEqual(1);
              const signed = open.reduce((sum, { filledQuantity, quantity, side }) => {
                const left = Number(quantity) - Number(filledQuantity);
                return sum + (side === 'BUY' ? left : -left);
              }, held);
              expect(Math.abs(held)).toBeLessThanOrEqual(10);
              expect(Math.abs(signed)).toBeLessThanOrEqual(10);
            }
          },
        });
      }),
      RUNS,
    );
  });
});

describe('a breakout', () => {
  it('never sells its position twice: no stop is open beside an exit', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        trade(caseOf('breakout'), {
          seed,
          onPlaced(ref, desk) {
            const order = desk.orders.get(ref)!;
            const held = toNumber(desk.position(order.symbol));
            const isExit = order.side === 'SELL' ? held > 0 : held < 0;
            if (!isExit) return;
            const others = desk.open(order.symbol).filter((other) => other.ref !== ref);
            expect(others).toEqual([]);
          },
        });
      }),
      RUNS,
    );
  });
});
