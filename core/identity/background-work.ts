import type { IdentityPorts } from './identity-ports.ts';

const DEADLINE_MS = 10_000;

/**
 * Runs what the answer must not wait for, because its time would tell the caller something: it goes on
 * when the caller leaves, has a deadline of its own, and its failure is logged.
 */
export function runInBackground(
  ports: Pick<IdentityPorts, 'clock' | 'telemetry'>,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): void {
  const abort = new AbortController();
  const timer = ports.clock.after(DEADLINE_MS, () => {
    abort.abort(new Error(`${name} took longer than ${DEADLINE_MS} ms`));
  });
  void Promise.resolve()
    .then(() => work(abort.signal))
    .catch((error: unknown) => {
      ports.telemetry.log('error', `${name} failed`, { error });
    })
    .finally(() => {
      timer.cancel();
    });
}
