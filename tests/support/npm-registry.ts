import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What `npm publish` sends, as far as it is needed to answer `npm install`. */
interface Published {
  readonly name: string;
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, { readonly dist: { readonly tarball: string } }>>;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

export interface TestRegistry {
  /** A file for npm_config_userconfig: npm then publishes here and installs from here. */
  readonly userConfig: string;
  close(): Promise<void>;
}

/** A registry that keeps what is published in memory, and sends npm to the usual one for everything else. */
export async function startTestRegistry(folder: string): Promise<TestRegistry> {
  const usual = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const packages = new Map<string, Published>();
  const tarballs = new Map<string, Buffer>();

  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/').slice(1);
    if (request.method === 'PUT') {
      void readJson(request).then((published) => {
        packages.set(path, merged(packages.get(path), published));
        for (const [file, { data }] of Object.entries(published._attachments)) {
          tarballs.set(`${path}/-/${file}`, Buffer.from(data, 'base64'));
        }
        response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}');
      });
      return;
    }
    const tarball = tarballs.get(path);
    if (tarball !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball);
      return;
    }
    const known = packages.get(path);
    if (known === undefined) {
      response.writeHead(302, { location: new URL(request.url ?? '/', usual).href }).end();
    } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const userConfig = join(folder, 'npmrc');
  writeFileSync(userConfig, `registry=http://${host}\n//${host}:_authToken=author\n`);
  return {
    userConfig,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

const merged = (known: Published | undefined, published: Published): Published => ({
  ...published,
  'dist-tags': { ...known?.['dist-tags'], ...published['dist-tags'] },
  versions: { ...known?.versions, ...published.versions },
});

async function readJson(request: IncomingMessage): Promise<Published> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Published;
}
