import type { LedProgress } from '../../backtests/lead-backtest.ts';

/** Tells people how far something is: a bar that moves in a terminal, else a line now and then. */
export interface ProgressLine {
  show(progress: LedProgress): void;
  /** Takes the bar away. */
  clear(): void;
}

const WIDTH = 28;
const LINE_EVERY_MS = 5_000;

export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  return stream.isTTY ? movingBar(stream) : plainLines(stream);
}

function movingBar(stream: NodeJS.WriteStream): ProgressLine {
  let isShown = false;
  return {
    show(progress) {
      const filled = Math.round(progress.progress * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      stream.write(`\r\u001b[2K${bar} ${textOf(progress)}`);
      isShown = true;
    },
    clear() {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}

/** Whoever keeps what is printed does not want thousands of them. */
function plainLines(stream: NodeJS.WriteStream): ProgressLine {
  let saidAt = -Infinity;
  return {
    show(progress) {
      if (progress.progress === 1 || progress.elapsedMs - saidAt < LINE_EVERY_MS) return;
      saidAt = progress.elapsedMs;
      stream.write(`${textOf(progress)}\n`);
    },
    clear: () => undefined,
  };
}

function textOf({ at, progress, remainingMs }: LedProgress): string {
  const day = at === null ? '' : ` ${new Date(at).toISOString().slice(0, 10)}`;
  const left = remainingMs === null ? '' : `, ${durationText(remainingMs)} left`;
  return `${String(Math.floor(progress * 100)).padStart(3)} %${day}${left}`;
}

/** @example "850 ms", "12 s", "3 min 5 s", "2 h 10 min", "43.1 days" */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${String(Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${String(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min ${String(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `${String(hours)} h ${String(minutes % 60)} min`
    : `${(ms / 86_400_000).toFixed(1)} days`;
}
