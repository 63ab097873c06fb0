import { VenueError } from './venue-error.ts';

export interface RouteInput {
  /** A part of the path, decoded. */
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  /** The request's JSON. */
  readonly body: () => unknown;
}

export interface Route {
  readonly method: string;
  readonly pattern: readonly string[];
  /** What it returns is the answer's JSON. */
  readonly handle: (input: RouteInput) => unknown;
}

/** A route; a part of the path that begins with ':' matches anything and is a parameter. */
export const route = (method: string, path: string, handle: Route['handle']): Route => ({
  method,
  pattern: path.split('/').slice(1),
  handle,
});

/** The route of a request and its parameters. Throws NOT_FOUND. */
export const findRoute = (
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: ReadonlyMap<string, string> } => {
  const parts = path.split('/').slice(1);
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const params = match(candidate.pattern, parts);
    if (params !== undefined) return { route: candidate, params };
  }
  throw new VenueError(404, 'NOT_FOUND', `${method} ${path} does not exist`);
};

const match = (pattern: readonly string[], parts: readonly string[]): Map<string, string> | undefined => {
  if (pattern.length !== parts.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith(':')) params.set(expected.slice(1), decode(part));
    else if (expected !== part) return undefined;
  }
  return params;
};

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new VenueError(400, 'INVALID_REQUEST', 'the path is not encoded properly', { cause });
  }
};
