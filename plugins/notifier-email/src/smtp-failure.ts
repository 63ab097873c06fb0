import { excerpt, NotifierError, withoutHidden } from '@omniquant/plugin-sdk';

/** Codes of nodemailer that say no without an answer of the server. */
const REFUSALS: readonly unknown[] = ['EAUTH', 'ENOAUTH', 'EENVELOPE', 'EMESSAGE', 'ECONFIG'];
/** "Bad sequence of commands": the session was at fault, a new one may do. */
const BAD_SEQUENCE = 503;

/**
 * What a failed delivery means: an answer of 5yz is a refusal, one of 4yz says "later" (RFC 5321, 4.2.1), and
 * without an answer it may have been delivered or not.
 */
export function toNotifierError(error: unknown, secrets: readonly string[]): NotifierError {
  const { code, responseCode, message } = error as {
    readonly code?: unknown;
    readonly responseCode?: unknown;
    readonly message?: unknown;
  };
  const options = { cause: withoutHidden(error, secrets) };
  const said = excerpt(String(message), secrets);
  if (typeof responseCode === 'number' && (responseCode < 500 || responseCode === BAD_SEQUENCE)) {
    return new NotifierError('UNREACHABLE', `the mail server puts it off: ${said}`, options);
  }
  if (typeof responseCode === 'number' || REFUSALS.includes(code)) {
    return new NotifierError('REJECTED', `the mail was refused: ${said}`, options);
  }
  return new NotifierError('UNREACHABLE', `the mail server could not be reached: ${said}`, options);
}
