import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { packageFiles, type Template, type TemplateValues } from './package-files.ts';

/** The broker of the template is real code beside the SDK, which the SDK's own kit is tested with. */
const sourcesOf = (sdk: string): string => join(sdk, 'templates', 'broker', 'src');

/** As compiled from a package: imports name the JavaScript. */
const forPackage = (text: string, id: string): string =>
  text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'").replace("id: 'acme'", `id: '${id}'`);

function sourceFiles({ id, sdk }: TemplateValues): Readonly<Record<string, string>> {
  const folder = sourcesOf(sdk);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [`src/${relative(folder, path)}`, forPackage(readFileSync(path, 'utf8'), id)];
    }),
  );
}

export const brokerTemplate: Template = (values) => ({
  ...packageFiles(values, 'broker', {
    dependencies: { ws: '^8.18.0' },
    devDependencies: { '@types/ws': '^8.18.0' },
    // What `omniquant plugin test` runs the cases with.
    omniquant: { brokerFixture: './dist/fixture.js' },
  }),
  ...sourceFiles(values),
});
