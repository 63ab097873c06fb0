import { NotifierError } from '@omniquant/plugin-sdk';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps://), not by STARTTLS. */
  readonly secure: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

/** RFC 6409 (submission) and RFC 8314 (submission over TLS). */
const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * Reads smtp[s]://user:password@host:port. Throws a REJECTED that says what is wrong and has no cause, for the
 * parser's errors quote what they could not read.
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const url = URL.canParse(text) ? new URL(text) : null;
  const protocol = url?.protocol;
  if (url === null || (protocol !== 'smtp:' && protocol !== 'smtps:') || url.hostname === '') {
    throw new NotifierError('REJECTED', 'smtpUrl is not of the form smtp[s]://user:password@host:port');
  }
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname)) {
    throw new NotifierError(
      'REJECTED',
      'smtpUrl has something behind the port; write / ? and # in a password as %2F %3F and %23',
    );
  }
  const user = decode(url.username);
  const pass = decode(url.password);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PORTS[protocol] : Number(url.port),
    secure: protocol === 'smtps:',
    auth: user === '' ? null : { user, pass },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new NotifierError('REJECTED', 'smtpUrl has a % in user or password that is not written as %25');
  }
}
