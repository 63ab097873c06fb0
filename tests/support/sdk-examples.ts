import { join } from 'node:path';

import ts from 'typescript';

/** One `@example`, with the names that its code may use: those that the SDK exports. */
export interface CodeExample {
  /** Of the symbol that it is an example of. */
  readonly name: string;
  readonly entry: string;
  /** What stands in the tag, the fence of the code included. */
  readonly text: string;
}

/** What can be imported, by entry point and name. */
export type ExportsByEntry = ReadonlyMap<string, ReadonlyMap<string, ts.Symbol>>;

export interface ExampleSurroundings {
  readonly program: ts.Program;
  readonly options: ts.CompilerOptions;
  readonly host: ts.CompilerHost;
  /** Of the package: examples resolve imports as its files do. */
  readonly folder: string;
}

/** The code of an example as a module, with the imports that it leaves out. */
export interface ExampleCode {
  readonly name: string;
  readonly code: string;
}

const FENCE = /```ts\n(.*?)```/gsu;

/** All that is fenced as TypeScript in examples. */
export const codesOf = (examples: readonly CodeExample[], modules: ExportsByEntry): readonly ExampleCode[] =>
  examples.flatMap(({ entry, name, text }) =>
    [...text.matchAll(FENCE)].map(([, code = '']) => ({
      name,
      code: importsFor(code, entry, modules) + code,
    })),
  );

/** What the compiler says of code, by the names of its symbols. */
export function problemsOf(
  codes: readonly ExampleCode[],
  { folder, host, options, program }: ExampleSurroundings,
): ReadonlyMap<string, readonly string[]> {
  const files = new Map(
    codes.map((code, index) => [join(folder, `example-${String(index)}.ts`), code] as const),
  );
  const codeOf = (file: string): string | undefined => files.get(file)?.code;
  const virtual: ts.CompilerHost = {
    ...host,
    fileExists: (file) => files.has(file) || host.fileExists(file),
    readFile: (file) => codeOf(file) ?? host.readFile(file),
    getSourceFile(file, language, ...rest) {
      const code = codeOf(file);
      if (code !== undefined) return ts.createSourceFile(file, code, language, true);
      // What is the same is neither parsed nor bound again.
      return program.getSourceFile(file) ?? host.getSourceFile(file, language, ...rest);
    },
  };
  const checked = ts.createProgram(
    [...program.getRootFileNames(), ...files.keys()],
    options,
    virtual,
    program,
  );
  const problems = new Map<string, string[]>();
  for (const [file, { name }] of files) {
    const found = ts.getPreEmitDiagnostics(checked, checked.getSourceFile(file)).map(told);
    if (found.length > 0) problems.set(name, [...(problems.get(name) ?? []), ...found]);
  }
  return problems;
}

function told({ file, messageText, start = 0 }: ts.Diagnostic): string {
  const line = file?.text.split('\n')[file.getLineAndCharacterOfPosition(start).line] ?? '';
  return `${ts.flattenDiagnosticMessageText(messageText, ' ')} in: ${line.trim()}`;
}

/** Imports of the names that the code uses and does not declare, preferably from the entry point at hand. */
function importsFor(code: string, entry: string, modules: ExportsByEntry): string {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true);
  const { declared, used } = namesIn(source);
  const entries = [entry, ...modules.keys()];
  const free = [...used].filter((name) => !declared.has(name));
  const imports = free.flatMap((name) => {
    const from = entries.find((candidate) => modules.get(candidate)?.has(name) === true);
    return from === undefined ? [] : [`import { ${name} } from '${from}';`];
  });
  return [...imports, 'export {};', ''].join('\n');
}

/** Syntax alone: a name that is declared anywhere in the example is its own everywhere in it. */
function namesIn(source: ts.SourceFile): { readonly declared: Set<string>; readonly used: Set<string> } {
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      if (isBinding(node)) declared.add(node.text);
      else if (!isPropertyName(node)) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { declared, used };
}

function isBinding(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return true;
  const isDeclaration =
    ts.isVariableDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isClassDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isTypeParameterDeclaration(parent);
  return isDeclaration && parent.name === node;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isAccessor(parent);
  return isMember && parent.name === node;
}
