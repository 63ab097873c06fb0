import { hash } from 'node:crypto';

import canonicalize from 'canonicalize';

import type { SweepResult } from '../../../core/sweeps/sweep-result.ts';
import type { SweepOutcome } from './sweep-work.ts';

const HASH_DIGITS = 16;

/** The result as it is stored, and its hash: equal for equal results, whoever came to them. */
export function sweepOutcome(result: SweepResult): SweepOutcome {
  const json = canonicalize(result) ?? '';
  return { json, hash: hash('sha256', json).slice(0, HASH_DIGITS) };
}
