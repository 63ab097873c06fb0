import type { IncomingMessage } from 'node:http';

import type { Static, TSchema } from '@omniquant/plugin-sdk';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import { VenueError } from './venue-error.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const BODY_DEADLINE_MS = 10_000;

/** A check that returns what it was given, or throws with the first thing that is wrong with it. */
export const checker = <S extends TSchema>(schema: S): ((value: unknown) => Static<S>) => {
  const compiled = TypeCompiler.Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return value;
    const error = compiled.Errors(value).First();
    throw new VenueError(
      400,
      'INVALID_REQUEST',
      `${error?.path ?? ''} ${error?.message ?? 'is not valid'}`.trim(),
    );
  };
};

/** The request's body as text, of limited size and time. */
export const readBody = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const deadline = setTimeout(() => {
      reject(new VenueError(408, 'TIMEOUT', 'the body did not arrive in time'));
      request.destroy();
    }, BODY_DEADLINE_MS);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        clearTimeout(deadline);
        reject(new VenueError(413, 'TOO_LARGE', `a body has at most ${MAX_BODY_BYTES} bytes`));
        request.destroy();
      }
    });
    request.on('end', () => {
      clearTimeout(deadline);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    request.on('error', (cause) => {
      clearTimeout(deadline);
      reject(new VenueError(400, 'ABORTED', 'the request was cut off', { cause }));
    });
  });

/** A body of JSON; an empty one is an empty object. */
export const parseJson = (text: string): unknown => {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch (cause) {
    throw new VenueError(400, 'INVALID_JSON', 'the body is no JSON', { cause });
  }
};
