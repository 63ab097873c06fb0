import { counted, formatInstant, formatPercent, periodOf } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { TearSheetInput } from '../tear-sheet-input.ts';

export const SUBJECTS: Readonly<Record<TearSheetInput['subject'], string>> = {
  BACKTEST: 'Backtest',
  LIVE_ACCOUNT: 'Live account',
  PAPER_ACCOUNT: 'Paper account',
};
const CALENDARS = { US_EQUITY: 'US equities', ALWAYS: 'always open' } as const;

const THEMES = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Hidden until the script that does it runs. */
const themeSwitch = (): Markup =>
  html`<fieldset class="theme" hidden>
    <legend>Colours</legend>
    ${THEMES.map(
      ([value, label], at) =>
        html`<label
          ><input type="radio" name="theme" value="${value}" ${at === 0 ? html` checked` : null} /><span
            >${label}</span
          ></label
        >`,
    )}
  </fieldset>`;

const fact = (name: string, value: string | Markup | null): Markup | null =>
  value === null
    ? null
    : html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;

export const masthead = (input: TearSheetInput): Markup => {
  const { basis } = input.performance;
  return html`<header class="masthead">
    <div class="topline">
      <p class="eyebrow">${SUBJECTS[input.subject]}</p>
      ${themeSwitch()}
    </div>
    <h1><bdi>${input.title}</bdi></h1>
    ${input.subtitle === '' ? null : html`<p class="subtitle"><bdi>${input.subtitle}</bdi></p>`}
    <dl class="facts">
      ${fact('Period', html`${periodOf(basis.firstDay, basis.lastDay)}${basis.days === 0 ? null : html`<span>${counted(basis.days, 'trading day')}</span>`}`)}
      ${fact('Currency', input.currency)}
      ${fact('Benchmark', input.benchmark === null ? null : html`<bdi>${input.benchmark}</bdi>`)}
      ${fact('Calendar', html`${CALENDARS[basis.calendar]}<span>${basis.periodsPerYear} days a year</span>`)}
      ${fact('Risk-free rate', formatPercent(basis.riskFree))}
      ${fact('As of', input.asOf === null ? null : `${formatInstant(input.asOf)} UTC`)}
    </dl>
  </header>`;
};
