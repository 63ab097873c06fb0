import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it, jest } from '@jest/globals';

import { AnswerSlot } from '../../../../../gateway/plugins/isolation/answer-slot.ts';
import { lookForAnswers } from '../../../../../gateway/plugins/isolation/look-for-answers.ts';
import type { FromStrategy } from '../../../../../gateway/plugins/isolation/strategy-protocol.ts';

const answer = (id: number): FromStrategy => ({ kind: 'answer', id, answer: null });

describe('a gateway that looks for answers', () => {
  const looking = (atEnd: (worker: AnswerSlot) => void = () => undefined) => {
    const slot = new AnswerSlot();
    const worker = new AnswerSlot(slot.memory);
    const heard: (number | null)[] = [];
    const states: boolean[] = [];
    const setLooking = slot.setLooking.bind(slot);
    const ended = new Set<() => void>();
    const whenEnded = () => new Promise<void>((resolve) => ended.add(resolve));
    jest.spyOn(slot, 'setLooking').mockImplementation((isLooking) => {
      states.push(isLooking);
      if (!isLooking) atEnd(worker);
      setLooking(isLooking);
      if (!isLooking) for (const tell of ended) tell();
    });
    const look = lookForAnswers(slot, (message) => heard.push(message.kind === 'ready' ? null : message.id));
    return { heard, look, states, whenEnded, worker };
  };

  it('hears them in the next turn, and looks no more until it is told to', async () => {
    const { heard, look, worker } = looking();
    for (const id of [1, 2]) {
      look();
      expect(worker.give(answer(id))).toBe(true);
      expect(heard).toHaveLength(id - 1);
      await turn();
      expect(heard).toHaveLength(id);
      expect(worker.give(answer(9))).toBe(false);
    }
    expect(heard).toEqual([1, 2]);
  });

  it('hears one that comes as it ends to look', async () => {
    const { heard, look, worker } = looking((giving) => {
      expect(giving.give(answer(2))).toBe(true);
    });
    look();
    expect(worker.give(answer(1))).toBe(true);
    await turn();
    expect(heard).toEqual([1, 2]);
  });

  it('gives up, and lets more and more requests pass after looks in vain, until one is answered', async () => {
    const { heard, look, states, whenEnded, worker } = looking();
    for (const toPass of [1, 3, 7, 15, 31, 31]) {
      const given = whenEnded();
      look();
      await given;
      expect(worker.give(answer(9))).toBe(false);
      states.length = 0;
      for (let passed = 0; passed < toPass; passed += 1) look();
      expect(states).toEqual([]);
    }
    look();
    expect(worker.give(answer(1))).toBe(true);
    await turn();
    look();
    expect(states.at(-1)).toBe(true);
    expect(worker.give(answer(2))).toBe(true);
    await turn();
    expect(heard).toEqual([1, 2]);
  });
});
