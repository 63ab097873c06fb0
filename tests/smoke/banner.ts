/** What a start on a fresh machine tells its user, read as a user would: to sign in and paste. */
export interface Banner {
  readonly graphql: string;
  readonly graphiql: string;
  readonly email: string;
  readonly password: string;
  readonly accountId: string;
  /** The operations to paste, as printed. */
  readonly signIn: string;
  readonly placeOrder: string;
  readonly orderEvents: string;
}

const ORDER_HEADING = 'A first order:';

/** The subscription is the last thing that is printed. */
export function isWhole(lines: readonly string[]): boolean {
  return lines.some((line) => line.trim().startsWith('subscription {'));
}

/** Throws, naming the line, where one is missing. */
export function readBanner(lines: readonly string[]): Banner {
  const labelled = (label: string): string =>
    found(
      label,
      lines.map((line) => new RegExp(`^ {2}${label} +(\\S+)$`).exec(line)?.[1]),
    );
  const starting = (text: string): string =>
    found(
      text,
      lines.map((line) => (line.trim().startsWith(text) ? line.trim() : undefined)),
    );
  return {
    graphql: labelled('GraphQL'),
    graphiql: labelled('GraphiQL'),
    email: labelled('User'),
    password: labelled('Password'),
    accountId: labelled('Account'),
    signIn: starting('mutation { signIn'),
    placeOrder: blockAfter(lines, ORDER_HEADING),
    orderEvents: starting('subscription {'),
  };
}

/** The indented lines below a heading. */
function blockAfter(lines: readonly string[], heading: string): string {
  const rest = lines.slice(lines.indexOf(heading) + 1);
  const first = rest.findIndex((line) => line.startsWith('  '));
  const end = rest.findIndex((line, index) => index > first && !line.startsWith('  '));
  return found(heading, [rest.slice(first, end).join('\n')]);
}

function found(what: string, candidates: readonly (string | undefined)[]): string {
  const value = candidates.find((candidate) => candidate !== undefined && candidate !== '');
  if (value === undefined) throw new Error(`the banner has no "${what}"`);
  return value;
}
