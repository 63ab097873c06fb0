import type { ChartSpec } from './charts/chart-spec.ts';
import { chartList, chartsOf } from './charts/tear-sheet-charts.ts';
import { periodOf } from './format.ts';
import { escapeHtml, html, Markup, scriptJson } from './html.ts';
import { type PageAssets, pageAssets } from './page-assets.ts';
import { equitySection } from './sections/equity.ts';
import { keyFiguresSection } from './sections/key-figures.ts';
import { masthead, SUBJECTS } from './sections/masthead.ts';
import { notices } from './sections/notices.ts';
import { returnsSection } from './sections/returns.ts';
import { exposureSection, rollingSection } from './sections/risk-over-time.ts';
import { librariesSection, settingsSection } from './sections/settings.ts';
import { tradesSection } from './sections/trades.ts';
import type { TearSheetInput } from './tear-sheet-input.ts';

const CONTENTS = [
  ['key-figures', 'Key figures'],
  ['equity', 'Equity'],
  ['returns', 'Returns'],
  ['rolling', 'Risk'],
  ['trades', 'Trades'],
  ['costs', 'Costs'],
  ['settings', 'Parameters'],
] as const;

const contents = (): Markup =>
  html`<nav aria-label="Contents">${CONTENTS.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>`;

const footer = (): Markup =>
  html`<footer>
    <p>
      Daily returns on the account’s calendar; standard deviations have ddof 1; what is undefined is shown as
      –. Hover over a name for its definition. Drag across a chart to zoom in, double-click or press Escape to
      zoom out.
    </p>
    <p>Past results say nothing certain about future ones.</p>
  </footer>`;

/** An element whose text stands in it to the letter: the policy has hashes of scripts and styles. */
const rawElement = (name: 'title' | 'style' | 'script', text: string, attributes = ''): Markup =>
  Markup.trusted(`<${name}${attributes === '' ? '' : ` ${attributes}`}>${text}</${name}>`);

const titleOf = ({ title, subject, performance: { basis } }: TearSheetInput): string =>
  `${title} · ${SUBJECTS[subject]} · ${periodOf(basis.firstDay, basis.lastDay)}`;

/** A page of one file: its parts in the order in which they are read. */
const page = (
  input: TearSheetInput,
  charts: readonly ChartSpec[],
  body: Markup,
  assets: PageAssets,
): Markup => {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${assets.policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        ${rawElement('title', escapeHtml(titleOf(input)))} ${rawElement('style', assets.styles)}
      </head>
      <body>
        ${body} ${rawElement('script', scriptJson({ charts }), 'type="application/json" id="charts"')}
        ${rawElement('script', assets.library)} ${rawElement('script', assets.script, 'type="module"')}
      </body>
    </html> `;
};

/**
 * The tear sheet of a backtest or an account: one HTML file that loads nothing, draws its charts itself, and
 * shows the figures of the report as they are. The same input gives the same text.
 *
 * @example
 * await writeFile('report.html', renderTearSheet(input));
 */
export const renderTearSheet = (input: TearSheetInput, assets: PageAssets = pageAssets()): string => {
  const charts = chartsOf(input);
  const body = html`<main>
    ${masthead(input)} ${notices(input)} ${contents()} ${keyFiguresSection(input)}
    <div class="toggle">
      <label><input type="checkbox" id="definitions" /> Show definitions</label>
    </div>
    <p class="absent" id="no-charts">The charts need JavaScript; all figures are in the tables.</p>
    ${equitySection(input, charts)} ${returnsSection(input, charts)} ${rollingSection(input, charts)}
    ${tradesSection(input, charts)} ${exposureSection(input, charts)} ${settingsSection(input)}
    ${librariesSection(input)} ${footer()}
  </main>`;
  return page(input, chartList(charts), body, assets).text;
};
