import { describe, expect, it } from '@jest/globals';

import { EVENT_SCHEMA } from '../../../../core/engine/account-event.ts';
import { apply } from '../../../../core/engine/apply.ts';
import { type StoredEvent, upcast, type Upcaster } from '../../../../core/engine/schema.ts';
import { restoreState, SNAPSHOT_SCHEMA, snapshotState } from '../../../../core/engine/snapshot.ts';
import { EngineFixture } from '../../../support/engine-fixture.ts';

const stored = (schema: number, event: Record<string, unknown>): StoredEvent => ({
  accountId: 'A1',
  seq: 1,
  at: 0,
  recordedAt: 0,
  correlationId: 'c',
  causationId: null,
  traceparent: null,
  actor: 'gateway',
  schema,
  event,
});

describe('an event of an older schema', () => {
  const renamed: Upcaster = (old) => ({ ...old, event: { type: 'ENTRIES_BLOCKED', cause: old.event.why } });
  const tagged: Upcaster = (old) => ({
    ...old,
    event: { ...old.event, cause: `<${String(old.event.cause)}>` },
  });

  it('passes each upcaster on its way to today’s form', () => {
    const upcasters = new Map([
      [1, renamed],
      [2, tagged],
    ]);
    const event = upcast(stored(1, { type: 'BLOCKED', why: 'w' }), upcasters, 3);
    expect(event).toMatchObject({ schema: 3, event: { type: 'ENTRIES_BLOCKED', cause: '<w>' } });
  });

  it('is refused where an upcaster is missing', () => {
    expect(() => upcast(stored(1, {}), new Map([[2, tagged]]), 3)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_SCHEMA', schema: 1 }),
    );
  });

  it('of schema 1 moves no marks', () => {
    const transfer = { type: 'TRANSFER_BOOKED', reference: 'r', currency: 'USD', amount: '1', reason: '' };
    expect(upcast(stored(1, transfer)).event).toEqual({ ...transfer, marks: null });
    const cleared = { type: 'MISMATCH_CLEARED', symbol: null, currency: 'USD' };
    const resolution = { reason: '', adoptedQuantity: '1', position: null };
    expect(upcast(stored(1, { ...cleared, resolution: null })).event).toEqual({
      ...cleared,
      resolution: null,
    });
    expect(upcast(stored(1, { ...cleared, resolution })).event).toEqual({
      ...cleared,
      resolution: { ...resolution, marks: null },
    });
    const day = { type: 'DAY_OPENED', day: '2024-01-02', equity: '1' };
    expect(upcast(stored(1, day))).toMatchObject({ schema: EVENT_SCHEMA, event: { ...day, previous: null } });
  });

  it('of today is left as it is, and a newer one is refused', () => {
    const today = stored(EVENT_SCHEMA, { type: 'ENTRIES_BLOCKED', cause: 'x' });
    expect(upcast(today)).toEqual(today);
    expect(() => upcast(stored(EVENT_SCHEMA + 1, {}))).toThrow(
      expect.objectContaining({ code: 'NEWER_SCHEMA' }),
    );
  });
});

describe('a snapshot', () => {
  it('of another schema does not load', () => {
    const text = snapshotState(new EngineFixture().state);
    const with_ = (schema: number): string =>
      text.replace(`"schema":${SNAPSHOT_SCHEMA}`, `"schema":${schema}`);
    expect(() => restoreState(with_(SNAPSHOT_SCHEMA + 1))).toThrow(
      expect.objectContaining({ code: 'NEWER_SCHEMA' }),
    );
    expect(() => restoreState(with_(0))).toThrow(expect.objectContaining({ code: 'UNKNOWN_SCHEMA' }));
  });

  it('keeps text that is no well-formed Unicode, as the journal does', () => {
    const { state } = new EngineFixture();
    state.name = 'cut \ud83d';
    expect(restoreState(snapshotState(state)).name).toBe('cut \ud83d');
  });
});

describe('events', () => {
  it('are applied without holes and to their account only', () => {
    const engine = new EngineFixture();
    const [first] = engine.journal;
    if (first === undefined) throw new Error('nothing journaled');
    expect(() => apply(engine.state, first)).toThrow(expect.objectContaining({ code: 'OUT_OF_SEQUENCE' }));
    const foreign = { ...first, seq: engine.state.seq + 1, accountId: 'A2' };
    expect(() => apply(engine.state, foreign)).toThrow(expect.objectContaining({ code: 'OUT_OF_SEQUENCE' }));
  });
});
