import { randomBytes } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { type RuruClientConfig, ruruHTML } from 'ruru/server';
import { getStaticFile } from 'ruru/static';

import { GRAPHQL_PATH } from './graphql-route.ts';
import { errorBody, refuseOtherMethods } from './http-errors.ts';

const PAGE_PATH = '/graphiql';
const STATIC_PATH = '/graphiql/static/';

const FIRST_QUERY = `# Sign in, then put {"authorization": "Bearer <accessToken>"} into the headers pane.
query {
  health { status version }
}
`;

/** GraphiQL from its npm package: the page and all that it loads come from here. */
export function installGraphiqlRoute(app: FastifyInstance): void {
  app.get(PAGE_PATH, (_request, reply) => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page(nonce));
  });

  app.get(`${STATIC_PATH}*`, async (request, reply) => {
    const [path] = request.url.split('?');
    const file = await getStaticFile({
      staticPath: STATIC_PATH,
      urlPath: path ?? '',
      acceptEncoding: request.headers['accept-encoding'],
      disallowDevAssets: true,
    });
    if (file === null) return reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing at this path.'));
    const { etag } = file.headers;
    if (etag !== undefined && request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply
      .headers(file.headers)
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-encoding')
      .send(file.content);
  });

  refuseOtherMethods(app, PAGE_PATH, ['GET', 'HEAD']);
}

function page(nonce: string): string {
  const html = ruruHTML({
    staticPath: STATIC_PATH,
    endpoint: GRAPHQL_PATH,
    subscriptionEndpoint: GRAPHQL_PATH,
    // The type asks for settings that all have defaults.
    clientConfig: { defaultQuery: FIRST_QUERY } as RuruClientConfig,
  });
  return html.replaceAll('<script', `<script nonce="${nonce}"`);
}

/** The editor sets styles itself, and starts its workers from our own files. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
