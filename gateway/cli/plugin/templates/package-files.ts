/** What a template is filled in with. */
export interface TemplateValues {
  /** Of the package. */
  readonly name: string;
  /** Of its extension. */
  readonly id: string;
  readonly format: 'esm' | 'cjs';
  /** Folder of the SDK. */
  readonly sdk: string;
}

/** Texts by path. */
export type Template = (values: TemplateValues) => Readonly<Record<string, string>>;

const described = (kind: string): string => `${kind.startsWith('o') ? 'An' : 'A'} ${kind} for OmniQuant`;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What a kind's package.json has beside that of all. */
export interface ManifestExtras {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly omniquant?: { readonly brokerFixture: string };
}

const manifest = (
  { format, name, sdk }: TemplateValues,
  description: string,
  { dependencies, devDependencies = {}, omniquant }: ManifestExtras,
): string =>
  json({
    name,
    version: '0.1.0',
    description,
    ...(format === 'esm' ? { type: 'module' } : {}),
    main: './dist/index.js',
    types: './dist/index.d.ts',
    files: ['dist', 'README.md'],
    scripts: { build: 'tsc', test: 'tsc && node --test "dist/**/*.test.js"', prepack: 'tsc' },
    ...(omniquant === undefined ? {} : { omniquant }),
    ...(dependencies === undefined ? {} : { dependencies }),
    peerDependencies: { '@omniquant/plugin-sdk': '^0.1.0' },
    devDependencies: {
      '@omniquant/plugin-sdk': `file:${sdk}`,
      '@types/node': '^24.0.0',
      ...devDependencies,
      typescript: '^5.9.0 || ^6.0.0',
    },
  });

const compiler = ({ format }: TemplateValues): string =>
  json({
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      ...(format === 'cjs' ? { moduleDetection: 'force' } : {}),
      strict: true,
      types: ['node'],
      declaration: true,
      rootDir: 'src',
      outDir: 'dist',
      skipLibCheck: true,
    },
    include: ['src'],
  });

const MANIFEST = {
  esm: "new URL('../package.json', import.meta.url)",
  cjs: "join(__dirname, '../package.json')",
} as const;

const index = ({ format }: TemplateValues, kind: string): string => `import { readFileSync } from 'node:fs';
${format === 'cjs' ? "import { join } from 'node:path';\n" : ''}
import { definePlugin } from '@omniquant/plugin-sdk';

import { ${kind} } from './${kind}.js';

export { ${kind} };

const manifest = readFileSync(${MANIFEST[format]}, 'utf8');
const { name, version } = JSON.parse(manifest) as { readonly name: string; readonly version: string };

export default definePlugin({ name, version, api: '^0.1.0', extensions: [${kind}] });
`;

const readme = ({ id, name }: TemplateValues, kind: string): string => `# ${name}

${described(kind)}: \`${id}\`.

    npm test     builds it and runs its tests
    npm pack     makes the package
`;

/** What packages of all kinds have; the module named after the kind exports its extension by that name. */
export const packageFiles = (
  values: TemplateValues,
  kind: string,
  extras: ManifestExtras = {},
): Readonly<Record<string, string>> => ({
  'package.json': manifest(values, described(kind), extras),
  'tsconfig.json': compiler(values),
  '.gitignore': 'node_modules\ndist\n*.tgz\n',
  'README.md': readme(values, kind),
  'src/index.ts': index(values, kind),
});
