import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createFrameReader, encodeFrame } from '../../../../../gateway/plugins/isolation/frames.ts';

const LIMIT = 4_096;

const readAll = (pieces: readonly Buffer[], limit = LIMIT): unknown[] => {
  const messages: unknown[] = [];
  const read = createFrameReader(limit, (message) => messages.push(message));
  for (const piece of pieces) read(piece);
  return messages;
};

const framed = (text: string): Buffer => {
  const frame = Buffer.alloc(4 + Buffer.byteLength(text));
  frame.writeUInt32LE(Buffer.byteLength(text));
  frame.write(text, 4);
  return frame;
};

describe('frames', () => {
  it('come out as they went in, however the pipe cuts them', () => {
    const messages = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 10 });
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(messages, cuts, (sent, sizes) => {
        const plain = JSON.parse(JSON.stringify(sent)) as unknown[];
        const whole = Buffer.concat(plain.map((message) => encodeFrame(message, 1_000_000)));
        const pieces: Buffer[] = [];
        for (let at = 0, cut = 0; at < whole.length; cut += 1) {
          const size = sizes[cut % sizes.length] ?? 1;
          pieces.push(whole.subarray(at, at + size));
          at += size;
        }
        expect(readAll(pieces, 1_000_000)).toEqual(plain);
      }),
    );
  });

  it('are refused by their length alone, before anything of them is kept', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(0xffff_ffff);
    expect(() => readAll([header])).toThrow(expect.objectContaining({ code: 'FRAME_TOO_LARGE' }));
    header.writeUInt32LE(LIMIT + 1);
    expect(() => readAll([header])).toThrow(expect.objectContaining({ code: 'FRAME_TOO_LARGE' }));
    expect(readAll([framed(`"${'x'.repeat(LIMIT - 2)}"`)])).toHaveLength(1);
    expect(() => encodeFrame('x'.repeat(LIMIT - 1), LIMIT)).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    );
  });

  it.each([
    ['of no length', Buffer.alloc(4)],
    ['that are no JSON', framed('}{')],
    ['nested too deeply', framed('['.repeat(100) + ']'.repeat(100))],
  ])('%s are refused', (_, frame) => {
    expect(() => readAll([frame])).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }));
  });
});
