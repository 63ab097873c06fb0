import { describe, expect, it } from '@jest/globals';

import { createUuidV7Ids } from '../../../../gateway/system/system-clock.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('ids', () => {
  it('are version 7 UUIDs that grow, however many a millisecond and whatever the clock does', () => {
    let time = 1_700_000_000_000;
    const ids = createUuidV7Ids(() => time);
    const made: string[] = [];
    for (let index = 0; index < 20_000; index += 1) {
      if (index === 9_000) time -= 5_000;
      if (index === 12_000) time += 60_000;
      made.push(ids.next());
    }
    expect(made.every((id) => UUID_V7.test(id))).toBe(true);
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('differ between two makers at the same instant', () => {
    const now = () => 1_700_000_000_000;
    expect(createUuidV7Ids(now).next()).not.toBe(createUuidV7Ids(now).next());
  });
});
