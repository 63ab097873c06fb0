/**
 * HTML as values. What is put into a template is escaped unless it is Markup itself, so that no text of a
 * strategy, a symbol or a broker can become an element, an attribute or a script.
 */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** Takes a text as it is: for what this folder wrote, never for data. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }
}

/** Null and undefined are nothing; lists are put one after the other. */
export type Content = Markup | string | number | null | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML has no character for: controls but tabs and line ends, and halves of surrogate pairs. */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}/gu;

const printable = (text: string): string => text.toWellFormed().replaceAll(UNPRINTABLE, '\ufffd');

/** For element content and for attribute values in quotes. */
export const escapeHtml = (text: string): string =>
  printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);

const render = (content: Content): string => {
  if (content === null || content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  return content.map(render).join('');
};

/** A template whose values are escaped: html`<p title="${name}">${name}</p>`. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  Markup.trusted(parts.map((part, at) => part + render(values[at])).join(''));

/**
 * JSON for a script element of a data type. "<" is written as an escape, so that neither the element's end
 * nor a comment can stand in it; the line separators, which are no line ends in JSON, too.
 */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
