import { describe, expect, it } from '@jest/globals';

import { AnswerSlot } from '../../../../../gateway/plugins/isolation/answer-slot.ts';
import type { FromStrategy } from '../../../../../gateway/plugins/isolation/strategy-protocol.ts';

const answer = (id: number, saved: string | null = null): FromStrategy => ({
  ...{ kind: 'answer', id },
  answer: {
    taken: id,
    effects: [{ type: 'log', level: 'INFO', message: 'größer', data: { gap: NaN, none: undefined } }],
    saved,
  },
});

describe('the slot of answers', () => {
  const sides = () => {
    const gateway = new AnswerSlot();
    return { gateway, worker: new AnswerSlot(gateway.memory) };
  };

  it('holds what a message would hold, and is emptied once', () => {
    const { gateway, worker } = sides();
    gateway.setLooking(true);
    expect(gateway.take()).toBeUndefined();
    for (const id of [3, 4]) {
      expect(worker.give(answer(id, '{"now":1}'))).toBe(true);
      expect(gateway.take()).toEqual(structuredClone(answer(id, '{"now":1}')));
      expect(gateway.take()).toBeUndefined();
    }
  });

  it('is used only while the gateway looks', () => {
    const { gateway, worker } = sides();
    expect(worker.give(answer(1))).toBe(false);
    gateway.setLooking(true);
    gateway.setLooking(false);
    expect(worker.give(answer(2))).toBe(false);
    expect(gateway.take()).toBeUndefined();
  });

  it('keeps an answer that is not taken yet: the next one has to be sent', () => {
    const { gateway, worker } = sides();
    gateway.setLooking(true);
    expect(worker.give(answer(1))).toBe(true);
    expect(worker.give(answer(2))).toBe(false);
    expect(gateway.take()).toMatchObject({ id: 1 });
    expect(gateway.take()).toBeUndefined();
  });

  it('has room for what is not too long, and no place for failures and what cannot be copied', () => {
    const { gateway, worker } = sides();
    gateway.setLooking(true);
    expect(worker.give(answer(1, 'x'.repeat(65_536)))).toBe(false);
    expect(worker.give({ kind: 'failed', id: 1, failure: { code: 'STRATEGY_THREW', message: '' } })).toBe(
      false,
    );
    const copied = answer(1) as Extract<FromStrategy, { kind: 'answer' }>;
    expect(worker.give({ ...copied, more: () => undefined } as FromStrategy)).toBe(false);
    expect(gateway.take()).toBeUndefined();
    expect(worker.give(answer(1, 'x'.repeat(60_000)))).toBe(true);
    expect(gateway.take()).toMatchObject({ answer: { saved: 'x'.repeat(60_000) } });
  });

  it('tells of a failure where what it holds is no answer', () => {
    const { gateway, worker } = sides();
    gateway.setLooking(true);
    expect(worker.give(answer(1))).toBe(true);
    new Uint8Array(gateway.memory).fill(255, 16);
    expect(gateway.take()).toMatchObject({ id: null, failure: { code: 'STRATEGY_BROKE_PROTOCOL' } });
  });
});
