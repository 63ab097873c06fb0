import ts from 'typescript';

import type { ExampleCode } from './sdk-examples.ts';

/*
 * What examples say of themselves: `atTick(1.01, { tickSize: '0.1' }, 'floor'); // '1'`, or `// throws DecimalError`.
 * Such an example is run, and each of these lines is held to it. Comments that are no literal say nothing here.
 */

export interface Claim {
  /** Of the symbol whose example it is. */
  readonly name: string;
  readonly line: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

type Claimed = (line: string, run: () => Promise<unknown>, expected: unknown) => Promise<void>;
type Runnable = (require: (specifier: string) => unknown, exports: object, claim: Claimed) => Promise<void>;

/** Answers in place of a value with the error's name. */
const thrown = (name: string): string => `throws ${name}`;

/**
 * Runs the examples that claim something.
 * @param modules What their imports give, by specifier.
 */
export async function claimsOf(
  codes: readonly ExampleCode[],
  modules: ReadonlyMap<string, unknown>,
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const { code, name } of codes) {
    const marked = withClaims(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true));
    if (marked === null) continue;
    const claim: Claimed = async (line, run, expected) => {
      claims.push({ name, line, expected, actual: await run().catch(nameOf) });
    };
    try {
      const run = await runnable(marked);
      await run((specifier) => modules.get(specifier), {}, claim);
    } catch (error) {
      claims.push({ name, line: 'all of it', expected: 'runs', actual: String(error) });
    }
  }
  return claims;
}

const nameOf = (error: Error): string => thrown(error.name);

/** An example as a function of what it needs from outside; a module, so that its globals are those of the test. */
async function runnable(code: string): Promise<Runnable> {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2024 };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const text = `export default async (require, exports, claim) => {\n${outputText}\n};`;
  const address = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  const { default: run } = (await import(address)) as { default: Runnable };
  return run;
}

/** The code with its claims as calls; null without any. */
function withClaims(source: ts.SourceFile): string | null {
  let marked = '';
  let end = 0;
  for (const statement of source.statements) {
    const expected = expectedOf(statement, source);
    if (expected === null || !ts.isExpressionStatement(statement)) continue;
    const line = statement.getText(source);
    const expression = statement.expression.getText(source);
    marked += source.text.slice(end, statement.getStart(source));
    marked += `await claim(${JSON.stringify(line)}, async () => (${expression}), ${expected});`;
    end = statement.getEnd();
  }
  return end === 0 ? null : marked + source.text.slice(end);
}

/** What the comment behind a statement claims, as code; null where it claims nothing. */
function expectedOf(statement: ts.Statement, source: ts.SourceFile): string | null {
  const [comment] = ts.getTrailingCommentRanges(source.text, statement.getEnd()) ?? [];
  if (comment === undefined) return null;
  const text = source.text.slice(comment.pos, comment.end).replace(/^\/\/\s*/u, '');
  const error = /^throws (\w+)$/u.exec(text)?.[1];
  if (error !== undefined) return JSON.stringify(thrown(error));
  const parsed = ts.createSourceFile('literal.ts', `(${text});`, ts.ScriptTarget.ESNext, true);
  const [only, ...others] = parsed.statements;
  const isWhole = only !== undefined && others.length === 0 && ts.isExpressionStatement(only);
  return isWhole && isLiteral(only.expression) ? text : null;
}

function isLiteral(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isLiteral(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isLiteral);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every((part) => ts.isPropertyAssignment(part) && isLiteral(part.initializer));
  }
  const isWord = ['true', 'false', 'null', 'undefined'].includes(node.getText());
  return isWord || ts.isStringLiteral(node) || ts.isNumericLiteral(node) || ts.isBigIntLiteral(node);
}
