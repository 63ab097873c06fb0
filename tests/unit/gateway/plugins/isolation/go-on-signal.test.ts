import { describe, expect, it } from '@jest/globals';

import { GoOnSignal } from '../../../../../gateway/plugins/isolation/go-on-signal.ts';

describe('the signal to go on', () => {
  const sides = () => {
    const gateway = new GoOnSignal();
    return { gateway, worker: new GoOnSignal(gateway.memory) };
  };
  const goOn = (id: number, save = false) => ({ id, request: { kind: 'goOn' as const, save } });

  it('is taken once by a worker that looks', () => {
    const { gateway, worker } = sides();
    worker.setLooking(true);
    expect(worker.take()).toBeUndefined();
    expect(gateway.give(goOn(3, true))).toBe(true);
    expect(worker.take()).toEqual(goOn(3, true));
    expect(worker.take()).toBeUndefined();
    expect(gateway.give(goOn(4))).toBe(true);
    expect(worker.take()).toEqual(goOn(4));
  });

  it('has to be sent as well when nobody looks, and is done once whichever comes first', () => {
    const { gateway, worker } = sides();
    worker.setLooking(false);
    expect(gateway.give(goOn(1))).toBe(false);
    // Seen by the last look.
    expect(worker.take()).toEqual(goOn(1));
    expect(worker.isNew(goOn(1))).toBe(false);

    expect(gateway.give(goOn(2))).toBe(false);
    expect(worker.isNew(goOn(2))).toBe(true);
    expect(worker.take()).toBeUndefined();
  });

  it('is for nothing else', () => {
    const { gateway, worker } = sides();
    worker.setLooking(true);
    expect(gateway.give({ id: 1, request: { kind: 'ping' } })).toBe(false);
    expect(worker.take()).toBeUndefined();
    expect(worker.isNew({ id: 1, request: { kind: 'ping' } })).toBe(true);
  });
});
