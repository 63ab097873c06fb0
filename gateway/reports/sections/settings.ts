import type { Json } from '@omniquant/plugin-sdk';

import { html, type Markup } from '../html.ts';
import { LIBRARY_TERMS } from '../statistics/library-terms.ts';
import { type StatisticsGroup, statisticsTable } from '../statistics/statistics-table.ts';
import type { ParameterGroup, TearSheetInput } from '../tear-sheet-input.ts';

const written = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const parameterTable = ({ title, values }: ParameterGroup): Markup => {
  const rows = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, written(value)] as const],
  );
  return html`<table class="figures parameters">
    <caption>
      <bdi>${title}</bdi>
    </caption>
    <tbody>
      ${
        rows.length === 0
          ? html`<tr>
              <td colspan="2" class="none">None.</td>
            </tr>`
          : rows.map(
              ([name, text]) =>
                html`<tr>
                  <th scope="row"><bdi>${name}</bdi></th>
                  <td><bdi>${text}</bdi></td>
                </tr>`,
            )
      }
    </tbody>
  </table>`;
};

export const settingsSection = ({ parameters, resultHash }: TearSheetInput): Markup =>
  html`<section id="settings" aria-labelledby="settings-title">
    <h2 id="settings-title">Parameters</h2>
    ${parameters.length === 0 ? html`<p class="remark">None were set.</p>` : html`<div class="tables">${parameters.map(parameterTable)}</div>`}
    ${
      resultHash === null
        ? null
        : html`<p class="hash">
            <span>Result hash</span> <code id="result-hash">${resultHash}</code>
            <span>The same settings, seed and data give the same hash, on any machine.</span>
          </p>`
    }
  </section>`;

/** What other libraries would have said: those figures whose convention is not ours. */
export const librariesSection = ({ performance: { compat }, currency }: TearSheetInput): Markup => {
  const table = <Family extends object>(
    id: string,
    { name, terms }: { readonly name: string; readonly terms: StatisticsGroup<Family>['terms'] },
    figures: Family,
  ): Markup => statisticsTable({ id, title: name, terms, figures }, currency);
  return html`<section id="libraries" aria-labelledby="libraries-title">
    <h2 id="libraries-title">In other conventions</h2>
    <p class="remark">
      What other libraries give for the same returns where they compute otherwise. The figures above are ours.
    </p>
    <div class="tables">
      ${table('quantstats', LIBRARY_TERMS.quantstats, compat.quantstats)}
      ${table('empyrical', LIBRARY_TERMS.empyrical, compat.empyrical)}
      ${table('lean', LIBRARY_TERMS.lean, compat.lean)}
      ${table('nautilus', LIBRARY_TERMS.nautilus, compat.nautilus)}
    </div>
  </section>`;
};
