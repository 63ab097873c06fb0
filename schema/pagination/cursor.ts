import { badInput } from '../errors/api-error.ts';

type Part = string | number;

/** Positions of one kind of list as opaque text. They grant nothing: what they lead to is read under the caller's rights. */
export interface CursorFormat<P extends readonly Part[]> {
  encode(...position: P): string;
  /** Throws BAD_USER_INPUT for what `encode` has not made. */
  decode(cursor: string, field?: string): P;
}

type PartTypes<P extends readonly Part[]> = {
  readonly [K in keyof P]: P[K] extends string ? 'string' : 'number';
};

function isPart(value: unknown, type: 'string' | 'number' | undefined): boolean {
  return type === 'number' ? Number.isSafeInteger(value) && (value as number) >= 0 : typeof value === type;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return null;
  }
}

export function cursorFormat<P extends readonly Part[]>(kind: string, types: PartTypes<P>): CursorFormat<P> {
  const encode = (...position: P): string =>
    Buffer.from(JSON.stringify([kind, ...position])).toString('base64url');
  return {
    encode,
    decode(cursor, field = 'after') {
      const parsed = parse(cursor);
      if (Array.isArray(parsed)) {
        const [found, ...parts] = parsed as readonly unknown[];
        const fits =
          parts.length === types.length && parts.every((part, index) => isPart(part, types[index]));
        const position = parts as unknown as P;
        // Decoding base64url is lenient: only the very text that was made is taken.
        if (found === kind && fits && encode(...position) === cursor) return position;
      }
      throw badInput(
        `This is no cursor of this list: give an endCursor or cursor that it has answered.`,
        field,
      );
    },
  };
}

/** The position that a list or stream goes on from; null from its beginning. */
export function positionAfter<P>(after: string | null | undefined, decode: (cursor: string) => P): P | null {
  return after === undefined || after === null ? null : decode(after);
}
