/** A mail as a mail program reads it: RFC 5322 headers, RFC 2047 words, parts of RFC 2046. */
export interface MimePart {
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly parts: readonly MimePart[];
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

function quotedPrintable(text: string): string {
  return text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Encoded words next to each other are one text; white space between them is none of it. */
function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/(?:=\?[^?]+\?[BQ]\?[^?]*\?=)+/gi, (words) =>
      utf8(
        [...words.matchAll(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi)]
          .map(([, encoding = '', text = '']) =>
            encoding.toUpperCase() === 'B'
              ? Buffer.from(text, 'base64').toString('latin1')
              : quotedPrintable(text.replaceAll('_', ' ')),
          )
          .join(''),
      ),
    );
}

function decodeBody(body: string, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return utf8(quotedPrintable(body));
    default:
      return utf8(body);
  }
}

export function parseMime(raw: string): MimePart {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())] as const;
    }),
  );
  const body = raw.slice(end + 4);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts =
    boundary === undefined
      ? []
      : `\r\n${body}`
          .split(`\r\n--${boundary}`)
          .slice(1, -1)
          .map((part) => parseMime(part.slice('\r\n'.length)));
  return { headers, parts, text: decodeBody(body, headers.get('content-transfer-encoding') ?? '7bit') };
}
