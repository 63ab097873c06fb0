import { NotifierError } from '@omniquant/plugin-sdk';

/** Those that the delivery sets itself, or the connection. */
const OWN =
  /^(?:webhook-.*|content-.*|proxy-.*|host|connection|keep-alive|transfer-encoding|upgrade|expect|te|trailer)$/i;

/** Throws a REJECTED that names a header that cannot be sent; its value may be a credential. */
export function checkExtraHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (OWN.test(name)) throw new NotifierError('REJECTED', `headers may not set ${name}`);
    if (!isHeader(name, value)) {
      throw new NotifierError(
        'REJECTED',
        `headers has ${JSON.stringify(name)}, which cannot be sent as a header`,
      );
    }
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}
