/** Columns under their names, numbers to the right; two spaces in front. */
export function textTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ')}`.trimEnd();
  return [line(columns), ...rows.map(line)];
}

/** What is not defined is a dash; what rounds to nothing has no sign. */
export const ratioText = (value: number | null): string =>
  value === null ? '–' : value.toFixed(2).replace(/^-(0\.00)$/, '$1');

export const percentText = (value: number | null): string =>
  value === null ? '–' : `${(value * 100).toFixed(2).replace(/^-(0\.00)$/, '$1')} %`;

/** Four digits where a figure has any unit. */
export const figureText = (value: number | null): string =>
  value === null ? '–' : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
