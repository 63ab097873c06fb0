/** A command that was stopped on request; it ends with the exit code that shells have for its signal. */
export class StoppedError extends Error {
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.name = 'StoppedError';
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/**
 * Does something that Ctrl-C stops. A terminal sends the signal to this process, and so does the one that has started it:
 * only the first counts.
 */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    stop.abort(new StoppedError(name === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
