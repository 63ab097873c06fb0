import { randomUUID } from 'node:crypto';

import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

import { ROLES } from '../../core/identity/access.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { SignedTokens } from '../../core/ports/credentials.ts';
import type { SigningKeys } from './signing-keys.ts';

const ALGORITHM = 'EdDSA';
const ACCESS = { typ: 'at+jwt', audience: 'omniquant' };
const EMAIL_PROOF = { typ: 'email-proof+jwt', audience: 'omniquant:email-proof' };

const accessPayload = z.object({
  sub: z.string(),
  sid: z.string(),
  ws: z.string(),
  role: z.enum(ROLES),
  azv: z.number().int(),
  exp: z.number().int(),
});
const emailProofPayload = z.object({ sub: z.string(), email: z.string(), exp: z.number().int() });

export interface TokensOptions {
  readonly keys: SigningKeys;
  /** The gateway's public address: `iss`. */
  readonly issuer: string;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Tokens signed with Ed25519. Algorithm, type, issuer, audience and a key we know are all required, so
 * that no token is taken for another kind of token, and no header chooses how it is checked.
 */
export function createSignedTokens({ keys, issuer, clock }: TokensOptions): SignedTokens {
  function sign(
    kind: typeof ACCESS,
    subject: string,
    expiresAt: number,
    payload: JWTPayload,
  ): Promise<string> {
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: kind.typ, kid: keys.signing.kid })
      .setIssuer(issuer)
      .setAudience(kind.audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(clock.now() / 1000))
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(keys.signing.privateKey);
  }

  async function verify<T>(kind: typeof ACCESS, token: string, payload: z.ZodType<T>): Promise<T | null> {
    try {
      const verified = await jwtVerify(token, ({ kid }) => findKey(keys, kid), {
        algorithms: [ALGORITHM],
        typ: kind.typ,
        issuer,
        audience: kind.audience,
        currentDate: new Date(clock.now()),
      });
      return payload.safeParse(verified.payload).data ?? null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  return {
    signAccess: (claims) =>
      sign(ACCESS, claims.userId, claims.expiresAt, {
        sid: claims.sessionId,
        ws: claims.workspaceId,
        role: claims.role,
        azv: claims.authzVersion,
      }),
    async verifyAccess(token) {
      const claims = await verify(ACCESS, token, accessPayload);
      if (claims === null) return null;
      return {
        userId: claims.sub,
        sessionId: claims.sid,
        workspaceId: claims.ws,
        role: claims.role,
        authzVersion: claims.azv,
        expiresAt: claims.exp * 1000,
      };
    },
    signEmailProof: (proof) => sign(EMAIL_PROOF, proof.userId, proof.expiresAt, { email: proof.email }),
    async verifyEmailProof(token) {
      const proof = await verify(EMAIL_PROOF, token, emailProofPayload);
      return proof === null ? null : { userId: proof.sub, email: proof.email, expiresAt: proof.exp * 1000 };
    },
  };
}

function findKey(keys: SigningKeys, kid: string | undefined): SigningKeys['signing']['privateKey'] {
  const key = kid === undefined ? undefined : keys.verifying.get(kid);
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return key;
}
