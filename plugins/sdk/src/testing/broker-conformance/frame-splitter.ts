/**
 * Cuts what a WebSocket server sends into whole frames (RFC 6455, section 5.2): the part before the handshake's end
 * comes as it is. A protocol that is no WebSocket has no frames: each piece is one.
 */
export class FrameSplitter {
  private rest = Buffer.alloc(0);
  private isOpen = false;
  private readonly isWebSocket: boolean;

  constructor(isWebSocket: boolean) {
    this.isWebSocket = isWebSocket;
  }

  /** The frames that are whole by now; null in place of the handshake, which is not to be touched. */
  split(chunk: Buffer): readonly { readonly bytes: Buffer; readonly isMessage: boolean }[] {
    if (!this.isWebSocket) return [{ bytes: chunk, isMessage: true }];
    this.rest = Buffer.concat([this.rest, chunk]);
    const parts: { bytes: Buffer; isMessage: boolean }[] = [];
    if (!this.isOpen) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end < 0) return parts;
      parts.push({ bytes: this.take(end + 4), isMessage: false });
      this.isOpen = true;
    }
    for (let length = this.frameLength(); length > 0; length = this.frameLength()) {
      const opcode = (this.rest[0] ?? 0) & 0x0f;
      parts.push({ bytes: this.take(length), isMessage: opcode === 1 || opcode === 2 });
    }
    return parts;
  }

  private take(length: number): Buffer {
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return bytes;
  }

  /** Of the first frame, header included; 0 while it is not whole. Servers do not mask. */
  private frameLength(): number {
    if (this.rest.length < 2) return 0;
    const short = (this.rest[1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.rest.length < header) return 0;
    const payload =
      short < 126 ? short : short === 126 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2));
    return this.rest.length < header + payload ? 0 : header + payload;
  }
}

/** A text frame as a server sends it, with no check that it is UTF-8. */
export function textFrame(payload: Buffer): Buffer {
  const { length } = payload;
  const header = length < 126 ? Buffer.from([0x81, length]) : Buffer.alloc(4, 0x81);
  if (length >= 126) {
    if (length > 0xffff) throw new RangeError('a frame of the kit is at most 65,535 bytes long');
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  }
  return Buffer.concat([header, payload]);
}
