import type { Notification } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

export const DAILY_LOSS: Notification = {
  id: '0190a5c4-7e1b-7c3d-9d52-5a3f0f7e2b11',
  at: Date.UTC(2016, 0, 4, 14, 30, 5, 250),
  severity: 'CRITICAL',
  code: 'DAILY_LOSS',
  title: 'Daily loss limit reached',
  message: 'The account has lost more than its limit today.\nEntries are halted.',
  accountId: 'acc-1',
  orderId: null,
  details: { loss: '1020.50', limit: '1000', halted: true, orders: 3, reason: null },
};

export const notificationOf = (changes: Partial<Notification>): Notification => ({
  ...DAILY_LOSS,
  ...changes,
});

/** Any text: control characters, emoji, halves of surrogate pairs, and what formats give a meaning to. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(
      '&',
      '.',
      '<',
      '>',
      '"',
      "'",
      '\\',
      '*',
      '\r\n',
      '\n',
      ':',
      '&amp;',
      '<!channel>',
      '👩‍👩‍👧‍👦',
      '😀',
      'ü',
      '\u0000',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  const texts = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));
  // Long ones by repetition, so that limits are passed without a run taking minutes.
  return fc
    .tuple(texts, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })))
    .map(([text, times]) => text.repeat(times).slice(0, maxLength));
}

export function anyNotification(): fc.Arbitrary<Notification> {
  const value = fc.oneof(anyText(6_000), fc.double(), fc.boolean(), fc.constant(null));
  const details = fc.oneof(
    fc.dictionary(anyText(300), value, { maxKeys: 12 }),
    // More of them than any of the formats takes.
    fc
      .tuple(fc.integer({ min: 400, max: 700 }), anyText(400))
      .map(([count, text]) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, text])),
      ),
  );
  return fc.record({
    id: anyText(200),
    at: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    severity: fc.constantFrom('INFO', 'WARNING', 'CRITICAL'),
    code: fc.oneof(fc.constantFrom('DAILY_LOSS', 'RECONCILIATION'), anyText(400)),
    title: anyText(6_000),
    message: anyText(20_000),
    accountId: fc.option(anyText(400)),
    orderId: fc.option(anyText(400)),
    details,
  });
}
