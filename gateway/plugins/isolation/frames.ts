/*
 * Messages on a pipe: four bytes of length, little endian, and so many bytes of JSON. The length is looked at
 * before anything is kept, so that a reader never holds more than one message of the size that it allows.
 */

const HEADER = 4;

/** Deeper data would overflow the stack of whoever walks it. */
const DEEPEST = 64;

export class FrameError extends Error {
  readonly code: 'FRAME_TOO_LARGE' | 'FRAME_INVALID';

  constructor(code: FrameError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FrameError';
    this.code = code;
  }
}

/** Throws FrameError (FRAME_TOO_LARGE) when the message is longer than `limit` bytes. */
export function encodeFrame(message: unknown, limit: number): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  if (length > limit) throw tooLarge(length, limit);
  const frame = Buffer.allocUnsafe(HEADER + length);
  frame.writeUInt32LE(length, 0);
  frame.write(text, HEADER);
  return frame;
}

/**
 * Takes what a pipe gives, piece by piece, and calls `listener` with each message. The function throws
 * FrameError for a message that is too long, no JSON, or nested too deeply; the pipe is of no use after that.
 */
export function createFrameReader(
  limit: number,
  listener: (message: unknown) => void,
): (piece: Buffer) => void {
  const header = Buffer.alloc(HEADER);
  let headed = 0;
  let body: Buffer | null = null;
  let filled = 0;

  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      if (body === null) {
        const taken = piece.copy(header, headed, at, at + HEADER - headed);
        headed += taken;
        at += taken;
        if (headed < HEADER) return;
        const length = header.readUInt32LE(0);
        if (length > limit) throw tooLarge(length, limit);
        if (length === 0) throw new FrameError('FRAME_INVALID', 'a message of no length');
        body = Buffer.allocUnsafe(length);
        filled = 0;
      }
      const taken = piece.copy(body, filled, at);
      filled += taken;
      at += taken;
      if (filled < body.length) return;
      const whole = body;
      body = null;
      headed = 0;
      listener(parse(whole));
    }
  };
}

const tooLarge = (length: number, limit: number): FrameError =>
  new FrameError(
    'FRAME_TOO_LARGE',
    `a message has ${String(length)} bytes, and may have ${String(limit)} at most`,
  );

function parse(bytes: Buffer): unknown {
  let message: unknown;
  try {
    message = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new FrameError('FRAME_INVALID', 'a message is no JSON', { cause });
  }
  if (isDeep(message)) throw new FrameError('FRAME_INVALID', 'a message is nested too deeply');
  return message;
}

/** Level by level rather than by recursion, which is what is to be prevented. */
function isDeep(message: unknown): boolean {
  let level: unknown[] = [message];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const part of Object.values(value)) {
        if (typeof part === 'object' && part !== null) next.push(part);
      }
    }
    level = next;
  }
  return false;
}
