import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { pairs } from '@omniquant/strategy-pairs';

import { barOf, MINUTE } from './bars.ts';
import { Desk, type DeskOptions, fillAtOnce } from './desk.ts';

const SYMBOLS = ['KO', 'PEP'] as const;
const CONFIG = { period: 10, scorePeriod: 10, quantity: '100', entry: 2, exit: 0.5, stop: 4 };

/** KO is half of PEP, but for a wave of 0.1 that the residuals swing in. */
const pepAt = (minute: number): number => 100 + 5 * Math.sin(minute / 3);
const koAt = (minute: number): number => pepAt(minute) / 2 + 0.1 * (minute % 2 === 0 ? 1 : -1);

const deskOf = (config: object = {}, more: Partial<DeskOptions> = {}): Desk => {
  const desk = new Desk({ definition: pairs, config: { ...CONFIG, ...config }, symbols: SYMBOLS, ...more });
  desk.start(
    Array.from({ length: desk.warmup }, (_, minute) => [
      barOf('KO', minute * MINUTE, koAt(minute)),
      barOf('PEP', minute * MINUTE, pepAt(minute)),
    ]).flat(),
  );
  return desk;
};

/** A minute in which KO is so much dearer than usual. */
function pass(desk: Desk, dearer = 0): void {
  const minute = Math.round(desk.now / MINUTE);
  desk.bar(barOf('KO', minute * MINUTE, koAt(minute) + dearer));
  desk.bar(barOf('PEP', minute * MINUTE, pepAt(minute)));
}

const zOf = (desk: Desk): number | undefined =>
  desk.effects
    .flatMap(({ effect }) => (effect.type === 'metric' && effect.name === 'zscore' ? [effect.value] : []))
    .at(-1);

describe('pairs', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = deskOf();
  });

  it('asks for the bars of both windows', () => {
    expect(desk.warmup).toBe(19);
  });

  it('sells the dear one and buys the other by the hedge ratio, both in one step, and closes both at the mean', () => {
    desk = deskOf({}, { onPlaced: fillAtOnce });
    pass(desk);
    expect(desk.placed).toEqual([]);
    pass(desk, 2);
    expect(zOf(desk)).toBeGreaterThan(2);
    expect(desk.placed).toHaveLength(2);
    expect(desk.placed[0]).toBe('SELL 100 KO');
    const [, beta] = desk.effects.flatMap(({ effect }) =>
      effect.type === 'metric' && effect.name === 'hedge-ratio' ? [effect.value] : [],
    );
    expect(desk.placed[1]).toBe(`BUY ${Math.floor(100 * (beta ?? 0))} PEP`);
    const [first, second] = desk.effects.filter(({ effect }) => effect.type === 'place');
    expect(first?.at).toBe(second?.at);
    pass(desk);
    expect(zOf(desk)).toBeLessThan(0.5);
    expect(desk.placed).toHaveLength(4);
    expect([desk.position('KO'), desk.position('PEP')]).toEqual([0n, 0n]);
  });

  it('decides only when the bars of both for the same time have come', () => {
    pass(desk);
    const at = desk.now;
    const minute = Math.round(at / MINUTE);
    desk.bar(barOf('KO', at, koAt(minute) + 2));
    expect(desk.placed).toEqual([]);
    // The other is halted for a minute.
    desk.bar(barOf('KO', at + MINUTE, koAt(minute + 1) + 2));
    expect(desk.placed).toEqual([]);
    desk.bar(barOf('PEP', at + MINUTE, pepAt(minute + 1)));
    expect(desk.placed).toHaveLength(2);
  });

  it.each(['DENIED', 'REJECTED'] as const)('closes the other leg when one is %s', (status) => {
    pass(desk);
    pass(desk, 2);
    desk.fill('KO-1');
    desk.status('PEP-1', status, 'not today');
    expect(desk.placed.at(-1)).toBe('BUY 100 KO');
    desk.fill('KO-2');
    expect(desk.position('KO')).toBe(0n);
    // The same excursion does not count again.
    pass(desk, 2);
    pass(desk, 2.2);
    expect(desk.placed).toHaveLength(3);
  });

  it('counts an excursion once', () => {
    desk = deskOf({ scorePeriod: 60, stop: 100 });
    pass(desk);
    pass(desk, 2);
    desk.status('KO-1', 'DENIED');
    desk.status('PEP-1', 'DENIED');
    for (const dearer of [4, 6, 8]) {
      pass(desk, dearer);
      expect(zOf(desk)).toBeGreaterThan(2);
    }
    expect(desk.placed).toHaveLength(2);
  });

  it('cancels the other leg when it is still open', () => {
    pass(desk);
    pass(desk, 2);
    desk.fill('PEP-1', '10');
    const effects = desk.status('KO-1', 'REJECTED', 'not shortable');
    expect(effects).toContainEqual({ type: 'cancel', ref: 'PEP-1' });
    desk.status('PEP-1', 'CANCELED');
    expect(desk.placed.at(-1)).toBe('SELL 10 PEP');
  });

  it('closes both when a leg is not filled in time', () => {
    pass(desk);
    pass(desk, 2);
    desk.fill('KO-1');
    // Stays dear.
    pass(desk, 2.5);
    pass(desk, 3);
    expect(desk.orders.get('PEP-1')?.cancelAsked).toBe(false);
    pass(desk, 3.5);
    expect(desk.orders.get('PEP-1')?.cancelAsked).toBe(true);
    expect(desk.placed.at(-1)).toBe('BUY 100 KO');
  });

  it('gives the pair up beyond the stop, and does not come back before the spread has', () => {
    desk = deskOf({ stop: 2.5 }, { onPlaced: fillAtOnce });
    pass(desk);
    pass(desk, 0.35);
    expect(desk.placed).toHaveLength(2);
    pass(desk, 5);
    expect(zOf(desk)).toBeGreaterThan(2.5);
    expect(desk.placed).toHaveLength(4);
    pass(desk, 5);
    expect(desk.placed).toHaveLength(4);
  });

  it('does not sell short what cannot be', () => {
    desk = deskOf({}, { instrument: { shortable: false } });
    pass(desk);
    pass(desk, 2);
    expect(desk.placed).toEqual([]);
    expect(desk.logs('WARN')).toEqual(['no entry: KO cannot be sold short']);
  });

  it('rounds both legs down to lots', () => {
    desk = deskOf({ quantity: '90' }, { instrument: { lotSize: '40' } });
    pass(desk);
    pass(desk, 2);
    const quantities = [...desk.orders.values()].map(({ quantity }) => parseDecimal(quantity ?? '0'));
    expect(quantities).toHaveLength(2);
    for (const quantity of quantities) expect(quantity % parseDecimal('40')).toBe(0n);
  });

  it.each([
    [{ exit: 2 }, 'exit'],
    [{ stop: 2 }, 'stop'],
    [{ quantity: '0' }, 'quantity'],
  ])('refuses %j', (config, field) => {
    expect(() => deskOf(config)).toThrow(field);
  });

  it.each([[['KO']], [['KO', 'KO']], [['KO', 'PEP', 'MNST']]])('refuses the symbols %j', (symbols) => {
    expect(() => new Desk({ definition: pairs, config: CONFIG, symbols })).toThrow('symbols');
  });
});
