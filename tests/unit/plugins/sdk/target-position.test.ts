import { describe, expect, it } from '@jest/globals';
import {
  type Json,
  type StrategyOrderStatus,
  type StrategyOrderView,
  TargetPosition,
} from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { EMPTY_PORTFOLIO, HeldPortfolio } from '@omniquant/plugin-sdk/strategy-view';
import fc from 'fast-check';

const SYMBOL = 'AAPL';
const order = (ref: string, side: 'BUY' | 'SELL', quantity: string, filled = '0'): StrategyOrderView => ({
  ...{ ref, symbol: SYMBOL, side, quantity, filledQuantity: filled },
  ...{ type: 'MARKET', status: 'WORKING', limitPrice: null, stopPrice: null },
});

function portfolioOf(quantity: string, orders: readonly StrategyOrderView[] = []): HeldPortfolio {
  const portfolio = new HeldPortfolio();
  portfolio.set({ ...EMPTY_PORTFOLIO, positions: [{ symbol: SYMBOL, quantity, averagePrice: 1 }], orders });
  return portfolio;
}

const eventOf = (ref: string, status: StrategyOrderStatus) =>
  ({ ref, symbol: SYMBOL, at: 0, status, reason: null }) as const;

const aim = (target: string): TargetPosition => {
  const position = new TargetPosition(SYMBOL);
  position.moveTo(parseDecimal(target));
  return position;
};

/** Its first order, from flat. */
const begin = (position: TargetPosition) => [...position.seek(portfolioOf('0'))];

describe('a target position', () => {
  it('places nothing without a target, and nothing at it', () => {
    expect([...new TargetPosition(SYMBOL).onBar(portfolioOf('5'))]).toEqual([]);
    expect([...aim('5').onBar(portfolioOf('5'))]).toEqual([]);
  });

  it('has one order at a time', () => {
    const position = aim('5');
    expect([...position.seek(portfolioOf('0'))]).toMatchObject([{ order: { side: 'BUY', quantity: '5' } }]);
    expect([...position.seek(portfolioOf('0', [order('AAPL-1', 'BUY', '5')]))]).toEqual([]);
    // Filled in the account already, and not yet told: its end is awaited.
    position.moveTo(parseDecimal('9'));
    expect([...position.seek(portfolioOf('5'))]).toEqual([]);
    expect(position.hear(eventOf('AAPL-1', 'FILLED'))).toEqual({ how: 'FILLED', opening: true });
    expect([...position.seek(portfolioOf('5'))]).toMatchObject([{ order: { side: 'BUY', quantity: '4' } }]);
  });

  it('keeps what outdated bars said, and acts at the newest', () => {
    const position = aim('5');
    const outdated = portfolioOf('0');
    outdated.isAhead = true;
    expect([...position.onBar(outdated)]).toEqual([]);
    position.moveTo(parseDecimal('-5'));
    expect([...position.onBar(outdated)]).toEqual([]);
    const [effect] = position.onBar(portfolioOf('0'));
    expect(effect).toMatchObject({ order: { side: 'SELL', quantity: '5' } });
  });

  it('does not top an opening order up that ended short', () => {
    const position = aim('5');
    begin(position);
    expect(position.hear(eventOf('AAPL-1', 'CANCELED'))).toEqual({ how: 'REFUSED', opening: true });
    for (let bar = 0; bar < 5; bar += 1) expect([...position.onBar(portfolioOf('3'))]).toEqual([]);
  });

  it('does not open again what a stop has closed before the fill of the entry is told', () => {
    const position = aim('5');
    begin(position);
    expect(position.hear(eventOf('AAPL-1', 'FILLED'))).toEqual({ how: 'FILLED', opening: true });
    expect([...position.seek(portfolioOf('0'))]).toEqual([]);
    expect([...position.onBar(portfolioOf('0'))]).toEqual([]);
  });

  it('asks for a cancel once a bar while an order goes too far', () => {
    const position = aim('5');
    begin(position);
    position.moveTo(parseDecimal('3'));
    const open = portfolioOf('1', [order('AAPL-1', 'BUY', '5', '1')]);
    expect([...position.seek(open)]).toEqual([{ type: 'cancel', ref: 'AAPL-1' }]);
    expect([...position.seek(open)]).toEqual([]);
    expect([...position.onBar(open)]).toEqual([{ type: 'cancel', ref: 'AAPL-1' }]);
    expect(position.hear(eventOf('AAPL-1', 'CANCELED'))).toEqual({ how: 'CANCELED', opening: true });
    expect([...position.seek(portfolioOf('1'))]).toMatchObject([{ order: { side: 'BUY', quantity: '2' } }]);
  });

  it('leaves the position as it is when told so', () => {
    const position = aim('0');
    position.leave();
    expect([...position.onBar(portfolioOf('5'))]).toEqual([]);
  });

  it('never places what would take a position past its target or through zero', () => {
    const units = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(units, units, (from, to) => {
        const position = aim(String(to));
        const placed = [...position.seek(portfolioOf(String(from)))].flatMap((effect) =>
          effect.type === 'place' ? [effect.order] : [],
        );
        const [first] = placed;
        if (from === to) {
          expect(placed).toEqual([]);
          return;
        }
        const signed = (first?.side === 'BUY' ? 1 : -1) * Number(first?.quantity);
        const crosses = from !== 0 && Math.sign(to) === -Math.sign(from);
        expect(placed).toHaveLength(1);
        expect(from + signed).toBe(crosses ? 0 : to);
      }),
    );
  });

  it('goes on from a snapshot', () => {
    const position = aim('-2.5');
    begin(position);
    position.hear(eventOf('AAPL-1', 'REJECTED'));
    const other = new TargetPosition(SYMBOL);
    other.restore(JSON.parse(JSON.stringify(position.snapshot())) as Json);
    expect(other.snapshot()).toEqual(position.snapshot());
    expect([other.isPaused, other.isBusy, formatDecimal(other.target ?? 0n)]).toEqual([true, false, '-2.5']);
  });
});
