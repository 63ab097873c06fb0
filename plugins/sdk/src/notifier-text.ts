const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A text in at most `limit` UTF-16 units, counted after `encode`, with "…" at the end where it was cut. It is
 * never cut within a character that people see as one, nor within what `encode` makes of one.
 * @example
 * ```ts
 * const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
 * clip('fives', 4); // 'fiv…'
 * clip('a<b', 5, escape); // 'a…', for 'a&lt;b' has six
 * ```
 */
export function clip(text: string, limit: number, encode: (text: string) => string = (same) => same): string {
  const whole = text.toWellFormed();
  if (whole.length <= limit) {
    const encoded = encode(whole);
    if (encoded.length <= limit) return encoded;
  }
  let kept = '';
  for (const { segment } of GRAPHEMES.segment(whole.slice(0, limit + 1))) {
    const next = encode(segment);
    if (kept.length + next.length >= limit) break;
    kept += next;
  }
  return `${kept}…`;
}
