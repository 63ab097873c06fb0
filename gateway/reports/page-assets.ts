import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The scripts of the page in the order in which each finds what it imports above itself. */
const MODULES = ['written', 'bar-ticks', 'ink', 'drawing', 'chart', 'tear-sheet'] as const;

/** Its styles: later ones outdo earlier ones. */
const STYLES = ['page', 'masthead', 'figures', 'months', 'charts', 'narrow', 'paper'] as const;

/** What a tear sheet needs besides its content: the same for all. */
export interface PageAssets {
  readonly styles: string;
  /** Of the charts: a classic script, whose name the page's own then knows. */
  readonly library: string;
  /** The page's own, a module. */
  readonly script: string;
  /**
   * Content-Security-Policy of the page, which stands in it: nothing is loaded, sent or framed, and no script
   * runs but these two. A server that sends a policy of its own has to send this one, or the stricter wins.
   */
  readonly policy: string;
}

const sourceOf = (text: string): string => {
  // Neither may end the element that it stands in: a hash covers what the browser sees of it.
  if (/<\/(script|style)|<!--/i.test(text)) {
    throw new Error('a script or style of the tear sheet ends its element');
  }
  return text.replaceAll('\r\n', '\n').trim();
};

const read = (path: string | URL): string => sourceOf(readFileSync(path, 'utf8'));

const require = createRequire(import.meta.url);

/**
 * Scripts of a page without a network cannot import each other: they are put one after the other, without
 * what names each other's exports.
 */
const ownScript = (): string =>
  MODULES.map((name) =>
    read(new URL(`page/${name}.js`, import.meta.url))
      .replaceAll(/^import .*;$/gm, '')
      .replaceAll(/^export /gm, ''),
  ).join('\n');

/**
 * The library draws for the screen that it finds. It is given one of twice the pixels at least, so that what
 * goes from there to paper is sharp.
 */
const chartLibrary = (): string =>
  `const uPlot = ((devicePixelRatio) => {\n${read(require.resolve('uplot/dist/uPlot.iife.min.js'))}\nreturn uPlot;\n})(Math.max(2, window.devicePixelRatio));`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const load = (): PageAssets => {
  const styles = [
    read(require.resolve('uplot/dist/uPlot.min.css')),
    ...STYLES.map((name) => read(new URL(`page/${name}.css`, import.meta.url))),
  ].join('\n');
  const library = chartLibrary();
  const script = ownScript();
  return {
    styles,
    library,
    script,
    policy: [
      "default-src 'none'",
      `script-src ${hashOf(library)} ${hashOf(script)}`,
      `style-src ${hashOf(styles)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  };
};

let loaded: PageAssets | undefined;

/** Read from the installed packages and this folder when first asked for. */
export const pageAssets = (): PageAssets => (loaded ??= load());
