import { html, type Markup } from '../html.ts';
import { figure, type FigureValue } from './figure.ts';
import type { Term } from './term.ts';

/** A family of figures with its terms. */
export interface StatisticsGroup<Family> {
  readonly id: string;
  readonly title: string;
  /** Of all figures, or of those that the table has. */
  readonly terms: { readonly [Name in keyof Family]?: Term };
  readonly figures: Family;
  /** Fields that a too small sample says little about. */
  readonly withheld?: readonly string[];
}

const MARK = html`<sup title="The sample is too small">†</sup>`;

const row = (
  id: string,
  { label, kind, definition }: Term,
  value: FigureValue,
  isWithheld: boolean,
  currency: string,
): Markup =>
  html`<tr>
    <th scope="row">
      <span class="term" aria-describedby="${id}">${label}</span
      ><span class="definition" id="${id}" role="tooltip">${definition}</span>
    </th>
    <td id="${id}-figure">${figure(kind, value, currency)}${isWithheld ? MARK : null}</td>
  </tr>`;

/** A table of a family: each figure with its definition, those of too small a sample marked. */
export const statisticsTable = <Family extends object>(
  { id, title, terms, figures, withheld = [] }: StatisticsGroup<Family>,
  currency: string,
): Markup => {
  const rows = Object.entries(terms as Readonly<Record<string, Term>>).map(([name, entry]) =>
    row(
      `${id}-${name}`,
      entry,
      (figures as Readonly<Record<string, FigureValue>>)[name] ?? null,
      withheld.includes(name),
      currency,
    ),
  );
  return html`<table class="figures">
    <caption>
      ${title}
    </caption>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
};
