import { createMessageLinks, tellGap } from './message-links.ts';
import type { TickCells } from './tick-cells.ts';
import { sideOf, type TickRules, type TickRulesOptions } from './tick-rule.ts';

/** Values of the column `action`, as core/backtest has them. */
const CODES = { ADD: 0, REDUCE: 1, EXECUTE: 2, DELETE: 3, REPLACE: 4, CLEAR: 5 } as const;
type Action = keyof typeof CODES;

/** Words, and letters as ITCH has them. */
const ACTIONS: Readonly<Record<string, Action>> = {
  ...{ add: 'ADD', a: 'ADD', new: 'ADD', insert: 'ADD' },
  ...{ reduce: 'REDUCE', cancel: 'REDUCE', x: 'REDUCE', c: 'REDUCE' },
  ...{ execute: 'EXECUTE', e: 'EXECUTE', fill: 'EXECUTE', trade: 'EXECUTE' },
  ...{ delete: 'DELETE', d: 'DELETE', remove: 'DELETE' },
  ...{ replace: 'REPLACE', u: 'REPLACE', modify: 'REPLACE', m: 'REPLACE' },
  ...{ clear: 'CLEAR', reset: 'CLEAR', r: 'CLEAR' },
};

/** Sizes are floats: what is left of an order that is traded in parts may miss zero by their rounding. */
const NOTHING = 1e-9;

/**
 * Single orders: each message is about one that is there, unless it adds it, and takes no more than is left of it.
 * Orders whose ids are no numbers are numbered, as long as they are there. Memory is that of the orders in the book.
 */
export function createL3Rules({ onGap, symbol }: TickRulesOptions): TickRules {
  const links = createMessageLinks();
  /** Size that is left, by the file's id. */
  const left = new Map<string, number>();
  /** Of ids that are no numbers. */
  const numbers = new Map<string, number>();
  let lastNumber = 0;
  let areNumbers: boolean | null = null;
  /** After messages that are missing nothing is known of the orders, until the book begins anew. */
  let isLost = false;

  function numberOf(cells: TickCells, role: 'orderId' | 'newOrderId'): number {
    const id = cells.text(role);
    areNumbers ??= /^\d{1,16}$/.test(id) && Number.isSafeInteger(Number(id));
    if (areNumbers) return cells.whole(role);
    const number = numbers.get(id) ?? ++lastNumber;
    numbers.set(id, number);
    return number;
  }

  function remove(id: string): void {
    left.delete(id);
    numbers.delete(id);
  }

  function existing(cells: TickCells): number {
    const size = left.get(cells.text('orderId'));
    if (size !== undefined) return size;
    if (isLost) return Infinity;
    return cells.fail('orderId', `is no order in the book of ${symbol}`);
  }

  function enter(cells: TickCells, role: 'orderId' | 'newOrderId'): number {
    const id = cells.text(role);
    if (id === '') cells.fail(role, 'is missing');
    if (left.has(id) && !isLost) cells.fail(role, `is an order in the book of ${symbol} already`);
    const size = cells.sizeAboveZero('size');
    left.set(id, size);
    return size;
  }

  function takeOff(cells: TickCells): number {
    const rest = existing(cells);
    const size = cells.sizeAboveZero('size');
    if (size > rest + NOTHING * rest && !isLost) {
      cells.fail('size', `is more than the ${String(rest)} left of the order`);
    }
    if (rest === Infinity || rest - size <= NOTHING * rest) remove(cells.text('orderId'));
    else left.set(cells.text('orderId'), rest - size);
    return size;
  }

  /** Order, new order, side, price and size as they are stored. */
  function bodyOf(cells: TickCells, action: Action): readonly [number, number, number, number, number] {
    if (action === 'CLEAR') {
      left.clear();
      numbers.clear();
      return [NaN, NaN, 0, NaN, NaN];
    }
    const order = numberOf(cells, 'orderId');
    switch (action) {
      case 'ADD': {
        const size = enter(cells, 'orderId');
        const side = sideOf(cells.text('side')) ?? cells.fail('side', 'is no side: buy or sell');
        return [order, NaN, side, cells.price('price'), size];
      }
      case 'REDUCE':
        return [order, NaN, 0, NaN, takeOff(cells)];
      case 'EXECUTE':
        return [order, NaN, 0, cells.priceOrNone('price'), takeOff(cells)];
      case 'DELETE':
        existing(cells);
        remove(cells.text('orderId'));
        return [order, NaN, 0, NaN, NaN];
      case 'REPLACE': {
        existing(cells);
        const role = cells.text('newOrderId') === '' ? 'orderId' : 'newOrderId';
        remove(cells.text('orderId'));
        const size = enter(cells, role);
        return [order, numberOf(cells, role), 0, cells.price('price'), size];
      }
    }
  }

  return {
    read(cells, at, take) {
      const action =
        ACTIONS[cells.text('action').toLowerCase()] ??
        cells.fail('action', 'is no action of orders: add, reduce, execute, delete, replace or clear');
      const link = links.next(cells, action === 'CLEAR');
      if (link.gap !== null) tellGap(cells, link.gap, onGap);
      isLost = action !== 'CLEAR' && (isLost || link.gap !== null);
      if (link.isOld) return;
      take([at, CODES[action], ...bodyOf(cells, action), link.number]);
    },
  };
}
