import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder with files of market data, for as long as a test needs it. */
export interface DataFolder {
  readonly path: string;
  write(name: string, lines: readonly string[] | string): void;
  remove(): void;
}

export function makeDataFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'market-files-'));
  return {
    path,
    write(name, lines) {
      const text = typeof lines === 'string' ? lines : `${lines.join('\n')}\n`;
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), name.endsWith('.gz') ? gzipSync(text) : text);
    },
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Minute bars as CSV, from 10:00 in New York on 2 January 2018, in UTC. */
export const MINUTES_START = Date.UTC(2018, 0, 2, 15, 0, 0);

export function minuteLines(count: number, price = 100): string[] {
  const lines = ['time,open,high,low,close,volume'];
  for (let index = 0; index < count; index += 1) {
    const close = (price + Math.sin(index / 5) * 2).toFixed(2);
    const time = new Date(MINUTES_START + index * 60_000).toISOString();
    lines.push(
      [time, price.toFixed(2), (price + 3).toFixed(2), (price - 3).toFixed(2), close, 1_000 + index].join(
        ',',
      ),
    );
  }
  return lines;
}
