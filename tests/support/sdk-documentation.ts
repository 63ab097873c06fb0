import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import {
  type CodeExample,
  codesOf,
  type ExampleCode,
  type ExportsByEntry,
  problemsOf,
} from './sdk-examples.ts';

/*
 * The SDK as its authors read it: what its entry points export, with the docstrings of it, by the compiler's own
 * parser and not by a search for text.
 */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SDK = join(ROOT, 'plugins/sdk/');
const SOURCES = join(SDK, 'src/');
const PACKAGE = '@omniquant/plugin-sdk';

/** Something that an entry point exports, as it is documented. */
export interface DocumentedSymbol {
  readonly name: string;
  /** The first entry point that exports it, as it is imported. */
  readonly entry: string;
  readonly kind: 'value' | 'type';
  /** What stands before the tags; empty without a docstring. */
  readonly text: string;
  /** What stands in its `@example` tags, fences included; those of its members are not among them. */
  readonly examples: readonly string[];
  /** Names in the `{@link}`s of its `@see` tags. */
  readonly seen: readonly string[];
  /** Names in all `{@link}`s of it and its members. */
  readonly links: readonly string[];
}

export interface SdkDocumentation {
  readonly entries: readonly string[];
  readonly symbols: readonly DocumentedSymbol[];
  /** The code of all examples, those of members included. */
  readonly codes: readonly ExampleCode[];
  /** What the compiler says of it, by the name of the symbol. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads all entry points, and type-checks the examples in their docstrings.
 * @param controls Further examples to be checked along with them.
 */
export function readSdkDocumentation(controls: readonly CodeExample[] = []): SdkDocumentation {
  const entries = entryPoints();
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...entries.values()], options, host);
  const modules = modulesOf(program, entries);
  const exported = ownExports(program, modules);
  const symbols = [...exported].map(([symbol, entry]) => documented(symbol, entry, program.getTypeChecker()));

  const examples = [...exported].flatMap(([symbol, entry]) => examplesOf(symbol, entry));
  const codes = codesOf([...examples, ...controls], modules);
  const problems = problemsOf(codes, { program, options, host, folder: SDK });
  return { entries: [...entries.keys()], symbols, codes, problems };
}

/** The source of each entry point, by what plugins import it as. */
function entryPoints(): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
  };
  const sources = Object.entries(exports).flatMap(([path, entry]): [string, string][] => {
    const source = typeof entry === 'object' ? entry['omniquant:source'] : undefined;
    return source === undefined ? [] : [[PACKAGE + path.slice(1), join(SDK, source)]];
  });
  return new Map(sources);
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  // Imports of examples are made up, types and values alike.
  return {
    ...options,
    noEmit: true,
    declaration: false,
    verbatimModuleSyntax: false,
    isolatedModules: false,
  };
}

/** What each entry point exports, by its name there. */
function modulesOf(program: ts.Program, entries: ReadonlyMap<string, string>): ExportsByEntry {
  const checker = program.getTypeChecker();
  const modules = [...entries].map(([entry, file]) => {
    const source = program.getSourceFile(file);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${entry} is no module: ${file}`);
    const exported = checker.getExportsOfModule(module);
    return [entry, new Map(exported.map((symbol) => [symbol.name, symbol]))] as const;
  });
  return new Map(modules);
}

/** What is exported and declared by us, each with the first entry point that has it. */
function ownExports(program: ts.Program, modules: ExportsByEntry): ReadonlyMap<ts.Symbol, string> {
  const checker = program.getTypeChecker();
  const found = new Map<ts.Symbol, string>();
  for (const [entry, exports] of modules) {
    for (const exported of exports.values()) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      const isOurs = declarationsOf(symbol).some((node) => node.getSourceFile().fileName.startsWith(SOURCES));
      if (isOurs && !found.has(symbol)) found.set(symbol, entry);
    }
  }
  return found;
}

const declarationsOf = (symbol: ts.Symbol): readonly ts.Declaration[] => symbol.declarations ?? [];

const textOf = (comment: ts.JSDoc['comment']): string => ts.getTextOfJSDocComment(comment) ?? '';

const VALUES = ts.SymbolFlags.Function | ts.SymbolFlags.Class | ts.SymbolFlags.Variable | ts.SymbolFlags.Enum;

function documented(symbol: ts.Symbol, entry: string, checker: ts.TypeChecker): DocumentedSymbol {
  const declarations = declarationsOf(symbol);
  const tags = declarations.flatMap((node) => ts.getJSDocTags(node));
  const named = (name: string): readonly ts.JSDocTag[] => tags.filter(({ tagName }) => tagName.text === name);
  return {
    name: symbol.name,
    entry,
    kind: (symbol.flags & VALUES) === 0 ? 'type' : 'value',
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    examples: named('example').map(({ comment }) => textOf(comment)),
    seen: named('see').flatMap(linksIn),
    links: declarations.flatMap((node) => docsIn(node).flatMap(linksIn)),
  };
}

/** The docstrings of a declaration and of all that it declares. */
function docsIn(declaration: ts.Node): readonly ts.JSDoc[] {
  const docs: ts.JSDoc[] = [];
  const visit = (node: ts.Node): void => {
    docs.push(...ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc));
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return [...new Set(docs)];
}

/** Names that are linked to in a docstring or tag; addresses of the web are none. */
function linksIn(doc: ts.Node): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDocLink(node) && node.name !== undefined) names.push(node.name.getText());
    for (const child of node.getChildren()) visit(child);
  };
  visit(doc);
  return names.filter((name) => !/^https?$/.test(name));
}

function examplesOf(symbol: ts.Symbol, entry: string): readonly CodeExample[] {
  const docs = declarationsOf(symbol).flatMap(docsIn);
  const tags = docs.flatMap(({ tags: all }) => all ?? []).filter(({ tagName }) => tagName.text === 'example');
  return tags.map(({ comment }) => ({ name: symbol.name, entry, text: textOf(comment) }));
}
