import type { Telemetry } from '../ports/telemetry.ts';
import type { Work } from './work.ts';

/** Tells whoever waits for these works that they came to nothing here. */
export function rejectWorks(works: readonly Work[], error: Error, telemetry: Telemetry): void {
  for (const work of works) {
    if (work.kind === 'system') {
      work.settled?.(false);
    } else {
      work.reject(error);
      telemetry.count('commands_refused_total', {
        cause: 'outcome' in error ? String(error.outcome) : error.name,
      });
    }
  }
}
