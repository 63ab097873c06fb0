/**
 * Holds the SDK's public API against the reports in plugins/sdk/api, one for each entry point: fails when one
 * differs from the code; with --update it writes them anew.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const SDK = fileURLToPath(new URL('plugins/sdk/', import.meta.url));
const REPORTS = join(SDK, 'api');
const isUpdate = process.argv.includes('--update');

/** Of the sources as they are: what was built before may be of others. */
function emitDeclarations(folder) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const flags = ['--emitDeclarationOnly', '--composite', 'false', '--sourceMap', 'false', '--outDir', folder];
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', join(SDK, 'tsconfig.json'), ...flags, '--tsBuildInfoFile', 'null'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the SDK does not compile:\n${stdout}`);
}

/** Names of the modules that the package exports, "index" for the package itself. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8'));
  return Object.values(exports).flatMap((entry) =>
    typeof entry === 'object' ? [basename(entry.types, '.d.ts')] : [],
  );
}

const silent = { logLevel: ExtractorLogLevel.None };

/** True when the report of an entry point is as the code. */
function isCurrent(entry, declarations, temporary) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: SDK,
      mainEntryPointFilePath: join(declarations, `${entry}.d.ts`),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{ target: 'es2024', lib: ['es2024'], module: 'nodenext', strict: true, skipLibCheck: true },
            ...{ types: ['node'], typeRoots: [join(SDK, '../../node_modules/@types')] },
          },
          files: [join(declarations, `${entry}.d.ts`)],
        },
      },
      apiReport: {
        ...{ enabled: true, reportFileName: `${entry}.api.md`, reportFolder: REPORTS },
        reportTempFolder: temporary,
        // What an export is made of counts, whether it can be named or not.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: silent },
        extractorMessageReporting: {
          default: silent,
          'ae-forgotten-export': silent,
        },
        tsdocMessageReporting: { default: silent },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(SDK, 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: isUpdate,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  return !apiReportChanged;
}

// Beside the packages that the declarations import.
const temporary = mkdtempSync(join(SDK, '.api-'));
try {
  const declarations = join(temporary, 'declarations');
  emitDeclarations(declarations);
  const entries = entryPoints();
  const changed = entries.filter((entry) => !isCurrent(entry, declarations, temporary));
  const wanted = new Set(entries.map((entry) => `${entry}.api.md`));
  for (const file of readdirSync(REPORTS)) {
    if (!file.endsWith('.api.md') || wanted.has(file)) continue;
    changed.push(basename(file, '.api.md'));
    if (isUpdate) rmSync(join(REPORTS, file));
  }
  if (changed.length === 0) console.log('The API reports of the SDK are as its code.');
  else if (isUpdate) console.log(`Written anew: ${changed.join(', ')}.`);
  else {
    console.error(`The public API of the SDK is no longer as in plugins/sdk/api: ${changed.join(', ')}.
Plugins are written against it. Where the change is meant: npm run api:update, and commit the reports.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
