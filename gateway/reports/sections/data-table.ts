import { type Content, html, type Markup } from '../html.ts';

interface Column {
  readonly name: string;
  /** Aligned at the right. */
  readonly isNumber?: boolean;
}

interface DataTable {
  readonly caption: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Content[])[];
  /** Said where there are no rows. */
  readonly none: string;
}

const classOf = ({ isNumber = false }: Column): string => (isNumber ? 'number' : '');

/** A table that scrolls in itself where the screen is narrow; a keyboard scrolls it once it has the focus. */
export const dataTable = ({ caption, note, columns, rows, none }: DataTable): Markup =>
  html`<div class="scrolls" role="region" tabindex="0" aria-label="${caption}">
    <table class="data">
      <caption>
        ${caption} ${note === undefined ? null : html`<span>${note}</span>`}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${
          rows.length === 0
            ? html`<tr>
                <td colspan="${columns.length}" class="none">${none}</td>
              </tr>`
            : rows.map(
                (cells) =>
                  html`<tr>
                    ${cells.map((content, at) => html`<td class="${classOf(columns[at]!)}">${content}</td>`)}
                  </tr>`,
              )
        }
      </tbody>
    </table>
  </div>`;
