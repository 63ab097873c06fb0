import { StateHash } from '@omniquant/venue/book/state-hash';
import canonicalize from 'canonicalize';

import type { Parameters } from './evaluation.ts';
import type { SweepSettings } from './sweep-settings.ts';

/** 16 hexadecimal digits over canonical JSON (RFC 8785): no matter in which order members stand. It is no secret. */
function hashOf(value: unknown): string {
  const text = canonicalize(value) ?? '';
  const hash = new StateHash();
  hash.add(text.length);
  for (let index = 0; index < text.length; index += 1) hash.add(text.charCodeAt(index));
  return hash.digest();
}

/** That of a run: what its result is stored under. */
export const evaluationKey = (
  stage: 'TRAIN' | 'TEST',
  parameters: Parameters,
  { from, to }: { readonly from: number; readonly to: number },
): string => hashOf([stage, from, to, parameters]);

/** That of everything that decides a sweep. */
export const settingsHash = (settings: SweepSettings): string => hashOf(settings);
