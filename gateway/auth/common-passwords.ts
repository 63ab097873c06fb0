import { dictionary } from '@zxcvbn-ts/language-common';

import type { CommonPasswords } from '../../core/ports/credentials.ts';

/** The passwords seen most often in leaks, from a maintained list of about 49,000. */
export function createCommonPasswords(): CommonPasswords {
  const known = new Set<string>(dictionary['passwords-common']);
  return { includes: (password) => known.has(password) };
}
