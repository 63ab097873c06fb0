import type { BarInterval } from '@omniquant/plugin-sdk';

import type { FileKind } from './columns.ts';
import type { DataFile, Extent } from './data-file.ts';
import { fileFault } from './file-fault.ts';

/** All that the files have of a symbol of one kind, and for bars of one interval. */
export interface Series {
  readonly symbol: string;
  readonly kind: FileKind;
  /** Of bars; null for quotes and trades. */
  readonly interval: BarInterval | null;
  /** One after the other in time. */
  readonly parts: readonly Part[];
}

interface Part extends Extent {
  readonly file: DataFile;
}

/** Puts files together to series. Throws FeedError DATA_INVALID for two that overlap. */
export function seriesOf(files: readonly DataFile[]): readonly Series[] {
  const all = new Map<
    string,
    { symbol: string; kind: FileKind; interval: BarInterval | null; parts: Part[] }
  >();
  for (const file of files) {
    const interval = file.kind === 'bars' ? file.interval : null;
    for (const [symbol, extent] of file.extents) {
      const key = `${symbol} ${file.kind} ${interval ?? ''}`;
      const one = all.get(key) ?? { symbol, kind: file.kind, interval, parts: [] };
      all.set(key, one);
      one.parts.push({ file, ...extent });
    }
  }
  const series = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  for (const { parts, symbol } of series) {
    parts.sort((a, b) => a.first - b.first);
    for (const [index, part] of parts.entries()) {
      const before = parts[index - 1];
      if (before !== undefined && part.first <= before.last) {
        const other = `${before.file.path}, which goes to ${new Date(before.last).toISOString()}`;
        throw fileFault(part.file.path, `${symbol} overlaps with ${other}`);
      }
    }
  }
  return series;
}
