import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { apply } from '../../../../core/engine/apply.ts';
import { printEventList, printTransitionTable } from '../../../../core/orders/transition-table.ts';
import {
  requireTransition,
  TransitionError,
  transitionOf,
  TRANSITIONS,
} from '../../../../core/orders/transitions.ts';
import { EngineFixture, MARKET } from '../../../support/engine-fixture.ts';

const AFTER_SUBMISSION = ['SUBMITTED', 'IN_DOUBT', 'WORKING', 'TRIGGERED', 'DONE'] as const;

describe('the transition table', () => {
  it.each(AFTER_SUBMISSION)('lets fills, busts and overfills pass when an order is %s', (lifecycle) => {
    for (const event of ['FILLED', 'FILL_BUSTED', 'OVERFILLED'] as const) {
      expect(transitionOf(lifecycle, event)).toBe('SAME');
    }
  });

  it('takes no other event for a fill of an order that was never sent', () => {
    for (const lifecycle of ['NONE', 'INITIALIZED', 'DENIED', 'HELD'] as const) {
      expect(() => requireTransition('o', lifecycle, 'FILLED')).toThrow(TransitionError);
    }
  });

  it('says where every event that fits leads', () => {
    expect(transitionOf('HELD', 'TRIGGERED')).toBe('TRIGGERED');
    expect(transitionOf('TRIGGERED', 'SUBMITTED')).toBe('SUBMITTED');
    expect(transitionOf('IN_DOUBT', 'SUBMITTED')).toBe('SUBMITTED');
    expect(transitionOf('IN_DOUBT', 'ACCEPTED')).toBe('WORKING');
    expect(transitionOf('DONE', 'RECONCILED')).toBe('GIVEN');
    expect(transitionOf('DONE', 'CANCELED')).toBeNull();
  });

  it('is what the documentation shows', () => {
    const page = readFileSync(new URL('../../../../docs/ORDERS.md', import.meta.url), 'utf8');
    const shown = page.slice(
      page.indexOf('<!-- transitions -->\n') + 21,
      page.indexOf('<!-- /transitions -->'),
    );
    expect(shown).toBe(`\n${printTransitionTable()}\n${printEventList()}\n`);
  });

  it('stops an event that does not fit before anything has changed', () => {
    const engine = new EngineFixture();
    const { orderId } = engine.place(MARKET('AAPL', 'BUY', '1'));
    const last = engine.journal.at(-1);
    if (last === undefined) throw new Error('nothing journaled');
    const { seq } = engine.state;
    const wrong = { ...last, seq: seq + 1, event: { type: 'CANCELED', orderId, reason: null } as const };
    expect(() => apply(engine.state, wrong)).toThrow(
      expect.objectContaining({ code: 'INVALID_TRANSITION', lifecycle: 'SUBMITTED', eventType: 'CANCELED' }),
    );
    expect([engine.state.seq, engine.order(orderId).lifecycle]).toEqual([seq, 'SUBMITTED']);
  });

  it('has an entry for each lifecycle', () => {
    expect(Object.keys(TRANSITIONS)).toHaveLength(9);
  });
});
