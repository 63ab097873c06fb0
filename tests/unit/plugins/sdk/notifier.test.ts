import { describe, expect, it } from '@jest/globals';
import {
  clip,
  createDeliveries,
  isAtLeast,
  isNotifierError,
  NotifierError,
  parseEndpoint,
  withoutHidden,
} from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import { anyText } from '../../../support/plugins/notifications.ts';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const { signal } = new AbortController();

describe('clip', () => {
  it('leaves alone what fits and marks what does not', () => {
    expect(clip('four', 4)).toBe('four');
    expect(clip('fives', 4)).toBe('fiv…');
    expect(clip('a<b', 6, escape)).toBe('a&lt;b');
    expect(clip('a<b', 5, escape)).toBe('a…');
  });

  it('does not cut within what people see as one character', () => {
    expect(clip('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toBe('👩‍👩‍👧‍👦…');
    expect(clip('e\u0301e\u0301e\u0301', 4)).toBe('e\u0301…');
    expect(clip('\ud83d', 4)).toBe('\ufffd');
  });

  it('keeps to the limit, is well formed, and begins as the text does', () => {
    fc.assert(
      fc.property(anyText(3_000), fc.integer({ min: 1, max: 400 }), (text, limit) => {
        const clipped = clip(text, limit, escape);
        const whole = escape(text.toWellFormed());
        expect(clipped.length).toBeLessThanOrEqual(limit);
        expect(clipped.isWellFormed()).toBe(true);
        if (whole.length <= limit) expect(clipped).toBe(whole);
        else expect(whole.startsWith(clipped.slice(0, -1))).toBe(true);
      }),
    );
  });
});

describe('the severities', () => {
  it('are in order', () => {
    const all = ['INFO', 'WARNING', 'CRITICAL'] as const;
    expect(all.map((minimum) => all.filter((severity) => isAtLeast(severity, minimum)))).toEqual([
      ['INFO', 'WARNING', 'CRITICAL'],
      ['WARNING', 'CRITICAL'],
      ['CRITICAL'],
    ]);
  });
});

describe('a NotifierError', () => {
  it('is known by its parts, also from another copy of the package', () => {
    const cause = new Error('why');
    const error = new NotifierError('RATE_LIMITED', 'slow down', { retryAfterMs: 5, cause });
    expect(error).toMatchObject({ code: 'RATE_LIMITED', message: 'slow down', retryAfterMs: 5, cause });
    expect(isNotifierError(error)).toBe(true);
    const copy = { name: 'NotifierError', code: 'REJECTED', retryAfterMs: null };
    expect(isNotifierError(copy)).toBe(true);
    for (const other of [
      null,
      'REJECTED',
      new Error('x'),
      { ...copy, name: 'Error' },
      { ...copy, code: 'X' },
    ]) {
      expect(isNotifierError(other)).toBe(false);
    }
  });
});

describe('parseEndpoint', () => {
  it.each(['https://example.com/a', 'http://localhost:1/', 'http://127.0.0.1:1/', 'http://[::1]:1/'])(
    'takes %s',
    (text) => {
      expect(parseEndpoint('url', text).href).toBe(text);
    },
  );

  it.each([
    'http://127.evil.example/',
    'http://example.com',
    'http://localhost.example.com',
    'file:///x',
    'x',
  ])('refuses %s', (text) => {
    expect(() => parseEndpoint('url', text)).toThrow(/^url /);
  });

  it('takes http of other machines where that was asked for', () => {
    expect(parseEndpoint('url', 'http://receiver.internal/', 'anywhere').protocol).toBe('http:');
  });
});

describe('withoutHidden', () => {
  it('hands on an error that shows nothing as it is', () => {
    const error = new Error('plain', { cause: new Error('also plain') });
    expect(withoutHidden(error, ['hidden', ''])).toBe(error);
  });

  it('hides what is in a message, a cause, a field, or no error at all', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const errors = [
      new Error('a hidden thing'),
      new Error('plain', { cause: new TypeError('hidden') }),
      Object.assign(new Error('plain'), { input: { url: new URL('https://example.com/hidden') } }),
      'hidden',
    ];
    for (const error of errors) {
      const shown = withoutHidden(error, ['hidden']);
      expect(shown).not.toBe(error);
      expect(String(shown)).not.toContain('hidden');
      if (shown instanceof Error) expect(JSON.stringify([shown.stack, shown])).not.toContain('hidden');
    }
    expect(withoutHidden(Object.assign(new Error('plain'), { cyclic }), ['hidden'])).not.toHaveProperty(
      'cyclic',
    );
  });
});

describe('the deliveries of a notifier', () => {
  it('hand on what the receiver answered also when time was up meanwhile', async () => {
    const caller = new AbortController();
    const deliveries = createDeliveries({ signal, timeoutMs: 10_000 });
    const answered = deliveries.run(async () => {
      caller.abort();
      throw new NotifierError('REJECTED', 'no');
    }, caller.signal);
    await expect(answered).rejects.toMatchObject({ code: 'REJECTED' });
    await deliveries.close();
  });

  it('are closed when the last of them has ended', async () => {
    const deliveries = createDeliveries({ signal, timeoutMs: 10_000 });
    const steps: string[] = [];
    const delivery = deliveries.run(async (joined) => {
      await new Promise((resolve) => joined.addEventListener('abort', resolve));
      await new Promise(setImmediate);
      steps.push('ended');
    }, signal);
    await deliveries.close();
    steps.push('closed');
    await delivery;
    expect(steps).toEqual(['ended', 'closed']);
  });

  it('hand on a fault of the plugin itself', async () => {
    const deliveries = createDeliveries({ signal, timeoutMs: 10_000 });
    const fault = new RangeError('bug');
    await expect(deliveries.run(() => Promise.reject(fault), signal)).rejects.toBe(fault);
    await deliveries.close();
  });
});
