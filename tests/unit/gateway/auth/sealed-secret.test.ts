import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createSealer, SealError } from '../../../../gateway/auth/sealed-secret.ts';
import { Secret } from '../../../../gateway/auth/secret.ts';

const sealer = createSealer(new Secret('11'.repeat(32)));
const context = { workspaceId: 'w', accountId: 'a', field: 'secrets', version: 1 };

describe('a sealed secret', () => {
  it('opens to the text that was sealed, and looks different each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const first = sealer.seal(text, context);
        expect(sealer.open(first, context)).toBe(text);
        expect(sealer.seal(text, context).sealed.equals(first.sealed)).toBe(false);
      }),
    );
  });

  it.each([{ workspaceId: 'other' }, { accountId: 'other' }, { field: 'config' }, { version: 2 }])(
    'does not open for something else: %j',
    (change) => {
      const sealed = sealer.seal('token', context);
      expect(() => sealer.open(sealed, { ...context, ...change })).toThrow(SealError);
    },
  );

  it('does not open when a bit was changed anywhere', () => {
    const sealed = sealer.seal('token', context);
    fc.assert(
      fc.property(fc.constantFrom('wrappedKey', 'nonce', 'sealed'), fc.nat(), (part, at) => {
        const bytes = Buffer.from(sealed[part]);
        bytes[at % bytes.length]! ^= 1;
        expect(() => sealer.open({ ...sealed, [part]: bytes }, context)).toThrow(SealError);
      }),
    );
  });

  it('names the key that it needs when there is another', () => {
    const sealed = sealer.seal('token', context);
    const other = createSealer(new Secret('22'.repeat(32)));
    expect(() => other.open(sealed, context)).toThrow(new RegExp(sealed.keyId));
  });
});
