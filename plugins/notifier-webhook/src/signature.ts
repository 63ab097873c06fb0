import { createHmac } from 'node:crypto';

import { NotifierError } from '@omniquant/plugin-sdk';

/** What the specification allows, in bytes. */
const SHORTEST = 24;
const LONGEST = 64;

const SECRET = /^whsec_(?<base64>[A-Za-z0-9+/]+={0,2})$/;

/**
 * The keys of secrets that are written as `whsec_<base64>`, separated by white space. Throws a REJECTED that
 * tells which of them is wrong and does not show it.
 */
export function parseSecrets(text: string): readonly Buffer[] {
  const secrets = text.split(/\s+/).filter((secret) => secret !== '');
  if (secrets.length === 0) throw new NotifierError('REJECTED', 'signingSecrets is empty');
  return secrets.map((secret, index) => {
    const key = Buffer.from(SECRET.exec(secret)?.groups?.['base64'] ?? '', 'base64');
    if (key.length >= SHORTEST && key.length <= LONGEST) return key;
    throw new NotifierError(
      'REJECTED',
      `secret ${index + 1} of signingSecrets is not whsec_ and the base64 of ${SHORTEST} to ${LONGEST} bytes`,
    );
  });
}

/**
 * The id as it is signed and sent: without full stops, which separate the parts of what is signed, and in
 * characters that a header may have. Different ids stay different.
 */
export function toWebhookId(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replaceAll('.', '%2E');
}

/**
 * The value of webhook-signature: one signature for each key, so that a receiver may have the old secret or
 * the new one. Source: Standard Webhooks 1.0.0, "Signature scheme".
 */
export function sign(
  keys: readonly Buffer[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: string; readonly body: string },
): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
}
