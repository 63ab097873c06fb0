import { createMessageLinks, tellGap } from './message-links.ts';
import type { TickCells } from './tick-cells.ts';
import { sideOf, type TickRules, type TickRulesOptions, truthOf } from './tick-rule.ts';

/** Values of the column `action`, as core/backtest has them. */
const SET = 0;
const SNAPSHOT = 1;

type Action = 'SNAPSHOT' | 'SET' | 'DELETE';

const ACTIONS: Readonly<Record<string, Action>> = {
  ...{ snapshot: 'SNAPSHOT', partial: 'SNAPSHOT', image: 'SNAPSHOT', clear: 'SNAPSHOT', reset: 'SNAPSHOT' },
  ...{ update: 'SET', delta: 'SET', set: 'SET', change: 'SET', insert: 'SET', new: 'SET', add: 'SET' },
  ...{ delete: 'DELETE', remove: 'DELETE' },
};

function actionOf(cells: TickCells): Action {
  if (cells.has('action')) {
    const action = ACTIONS[cells.text('action').toLowerCase()];
    return action ?? cells.fail('action', 'is no action of price levels: snapshot, update or delete');
  }
  const isSnapshot = truthOf(cells.text('snapshot'));
  if (isSnapshot === undefined) return cells.fail('snapshot', 'is neither true nor false');
  return isSnapshot ? 'SNAPSHOT' : 'SET';
}

/**
 * Price levels: rows of one time and sequence are a message, which is a snapshot or has the new sizes of some levels; 0
 * removes one. A snapshot comes first, and is stored with a row of its own before its levels. One without levels, a row
 * whose price is empty, empties the book.
 */
export function createL2Rules({ onGap, symbol }: TickRulesOptions): TickRules {
  const links = createMessageLinks();
  let message: { readonly key: string; readonly isSnapshot: boolean; readonly number: number } | null = null;
  let isOld = false;

  return {
    read(cells, at, take) {
      const action = actionOf(cells);
      const isSnapshot = action === 'SNAPSHOT';
      if (message === null && !isSnapshot) {
        cells.fail(
          cells.has('action') ? 'action' : 'snapshot',
          `comes before any snapshot of ${symbol}: a book begins with one`,
        );
      }
      const key = `${String(at)} ${cells.text('sequence')}`;
      if (message?.key !== key || message.isSnapshot !== isSnapshot) {
        const link = links.next(cells, isSnapshot);
        if (link.gap !== null) tellGap(cells, link.gap, onGap);
        message = { key, isSnapshot, number: link.number };
        ({ isOld } = link);
        if (isSnapshot) take([at, SNAPSHOT, 0, NaN, NaN, link.number]);
      }
      if (isOld || (isSnapshot && cells.text('price') === '')) return;
      const side = sideOf(cells.text('side')) ?? cells.fail('side', 'is no side: bid or ask, buy or sell');
      const price = cells.price('price');
      const size = action === 'DELETE' ? 0 : cells.size('size');
      if (Number.isNaN(size)) cells.fail('size', 'is missing');
      take([at, SET, side, price, size, message.number]);
    },
  };
}
