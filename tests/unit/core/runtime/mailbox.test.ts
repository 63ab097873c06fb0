import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createMailbox } from '../../../../core/runtime/mailbox.ts';
import { systemWork, type Work } from '../../../../core/runtime/work.ts';

const client = (name: number): Work => ({
  kind: 'read',
  arrivedAt: name,
  deadline: 0,
  read: () => undefined,
  resolve: () => undefined,
  reject: () => undefined,
});
const message = (name: number): Work => systemWork({ kind: 'recover' }, name);
const nameOf = (work: Work): string => `${work.kind} ${String(work.arrivedAt)}`;

describe('a mailbox', () => {
  it('hands out what the venue said before what clients ask, each in its order', () => {
    const mailbox = createMailbox({ client: 10, system: 10 });
    [client(1), message(2), client(3), message(4)].forEach((work) => mailbox.add(work));
    const taken = Array.from({ length: 5 }, () => mailbox.take()).map((work) =>
      work === undefined ? null : nameOf(work),
    );
    expect(taken).toEqual(['system 2', 'system 4', 'read 1', 'read 3', null]);
  });

  it('is full for clients and the venue apart', () => {
    const mailbox = createMailbox({ client: 1, system: 2 });
    expect(
      [client(1), client(2), message(1), message(2), message(3)].map((work) => mailbox.add(work)),
    ).toEqual([true, false, true, true, false]);
  });

  it('lets one tick and one move of the market serve for many', () => {
    const mailbox = createMailbox({ client: 1, system: 2 });
    mailbox.add(systemWork({ kind: 'marketMoved', symbols: ['A'] }, 1));
    mailbox.add(systemWork({ kind: 'clockTicked' }, 2));
    expect(mailbox.add(systemWork({ kind: 'marketMoved', symbols: ['B', 'A'] }, 3))).toBe(true);
    expect(mailbox.add(systemWork({ kind: 'clockTicked' }, 4))).toBe(true);
    expect(mailbox.size).toBe(2);
    expect(mailbox.take()).toMatchObject({ command: { kind: 'marketMoved', symbols: ['A', 'B'] } });
  });

  it('never lets a tick that somebody waits for serve for another', () => {
    const mailbox = createMailbox({ client: 1, system: 9 });
    mailbox.add(systemWork({ kind: 'clockTicked' }, 1, null, () => undefined));
    mailbox.add(systemWork({ kind: 'clockTicked' }, 2, null, () => undefined));
    mailbox.add(systemWork({ kind: 'clockTicked' }, 3));
    expect(mailbox.size).toBe(3);
  });

  it('loses, doubles and reorders nothing, whatever is added, taken and put back', () => {
    const step = fc.oneof(
      fc.constant('client' as const),
      fc.constant('system' as const),
      fc.constant('take' as const),
      fc.constant('putBack' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const mailbox = createMailbox({ client: 1_000, system: 1_000 });
        const model = { client: [] as Work[], system: [] as Work[] };
        const taken: Work[] = [];
        let numbered = 0;
        for (const kind of steps) {
          numbered += 1;
          if (kind === 'take') {
            const expected = model.system.shift() ?? model.client.shift();
            expect(mailbox.peek()).toBe(expected);
            expect(mailbox.take()).toBe(expected);
            if (expected !== undefined) {
              taken.push(expected);
            }
          } else if (kind === 'putBack') {
            const back = taken.splice(0);
            mailbox.putBack(back);
            model.system.unshift(...back.filter((work) => work.kind === 'system'));
            model.client.unshift(...back.filter((work) => work.kind !== 'system'));
          } else {
            const work = kind === 'client' ? client(numbered) : message(numbered);
            mailbox.add(work);
            model[kind].push(work);
          }
          expect(mailbox.size).toBe(model.client.length + model.system.length);
        }
        expect(mailbox.drain()).toEqual([...model.system, ...model.client]);
      }),
    );
  });
});
