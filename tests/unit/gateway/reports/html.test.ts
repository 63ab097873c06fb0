import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { escapeHtml, html, Markup, scriptJson } from '../../../../gateway/reports/html.ts';

const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;

describe('html', () => {
  it('escapes what is put in, as text and as an attribute', () => {
    expect(html`<p title="${HOSTILE}">${HOSTILE}</p>`.text).not.toMatch(/<script|<img|"'>/);
    expect(html`<b>${'a < b & "c" \'d\''}</b>`.text).toBe('<b>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</b>');
  });

  it('leaves markup as it is, joins lists and passes over nothing', () => {
    const items = ['<', html`<i>x</i>`, null, undefined, 0].map((item) => html`<li>${item}</li>`);
    expect(
      html`<ul>
        ${items}
      </ul>`.text.replaceAll(/\s/g, ''),
    ).toBe('<ul><li>&lt;</li><li><i>x</i></li><li></li><li></li><li>0</li></ul>');
    expect(html`${Markup.trusted('<hr>')}`.text).toBe('<hr>');
  });

  it('replaces what HTML has no character for', () => {
    expect(escapeHtml('a\0b\u001bc\ud800d\uffff\tx\ny')).toBe('a\ufffdb\ufffdc\ufffdd\ufffd\tx\ny');
  });

  it('never lets a text open a tag, an entity or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });
});

describe('JSON of a script element', () => {
  it('reads back as it was and has no character that ends the element', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom(HOSTILE, '<!--', ']]>', '\u2028\u2029'),
        (value, hostile) => {
          const text = scriptJson({ value, hostile });
          expect(text).not.toMatch(/[<>&\u2028\u2029]/);
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, hostile })));
        },
      ),
    );
  });
});
