import { describe, expect, it } from '@jest/globals';

import { claimsOf } from '../../../support/sdk-claims.ts';
import { type DocumentedSymbol, readSdkDocumentation } from '../../../support/sdk-documentation.ts';

/*
 * The docstrings are the SDK's reference: nothing that is exported goes without one, and what stands in them as
 * TypeScript is TypeScript, and does what it says.
 */

const INDEX = '@omniquant/plugin-sdk';
const fenced = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;

/** Examples that do not compile, with what is to be said of them: should one pass, the check would let anything pass. */
const WRONG = [
  ['no-syntax', 'cancel(;', "')' expected"],
  ['no-such-name', "plaice({ symbol: 'AAPL' });", "Cannot find name 'plaice'"],
  ['no-such-type', "cancel('AAPL', 1);", 'Expected 1 arguments'],
  ['no-generator', "yield cancel('entry');", "A 'yield' expression is only allowed in a generator"],
] as const;

/** Examples that compile, with what they claim and what comes of it. */
const CLAIMS = [
  ['true', "clip('fives', 4); // 'fiv…'", 'fiv…', 'fiv…'],
  ['false', "clip('fives', 4); // 'five'", 'five', 'fiv…'],
  [
    'thrown',
    "parseEndpoint('url', 'x'); // throws NotifierError",
    'throws NotifierError',
    'throws NotifierError',
  ],
  ['not thrown', "clip('x', 4); // throws NotifierError", 'throws NotifierError', 'x'],
  ['not run', "throw new Error('ends');\nclip('x', 4); // 'x'", 'runs', 'Error: ends'],
] as const;

const controls = [...WRONG, ...CLAIMS].map(([name, code]) => ({ name, entry: INDEX, text: fenced(code) }));
const { codes, entries, problems, symbols } = readSdkDocumentation(controls);
const byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));
const modules = new Map<string, unknown>();
for (const entry of entries) modules.set(entry, await import(entry));
const isSound = ({ name }: { readonly name: string }): boolean => !problems.has(name);
const claims = await claimsOf(codes.filter(isSound), modules);

/** The name again, with articles: "The order side." */
function isEcho({ name, text }: DocumentedSymbol): boolean {
  return text.replaceAll(/\b(an?|the)\b|[^a-z0-9]/giu, '').toLowerCase() === name.toLowerCase();
}

const namesOf = (some: readonly DocumentedSymbol[]): readonly string[] => some.map(({ name }) => name);

describe.each(entries)('the docstrings of %s', (entry) => {
  const own = symbols.filter((symbol) => symbol.entry === entry);

  it('are on every symbol, and say more than its name', () => {
    expect(own).not.toEqual([]);
    expect(namesOf(own.filter((symbol) => symbol.text === '' || isEcho(symbol)))).toEqual([]);
  });

  it('have an example of every value, in which it occurs', () => {
    const isShown = ({ examples, name }: DocumentedSymbol): boolean =>
      examples.some((example) => new RegExp(`\\b${name}\\b`, 'u').test(example));
    expect(namesOf(own.filter((symbol) => symbol.kind === 'value' && !isShown(symbol)))).toEqual([]);
  });

  it('have an example of every type, or say whose example shows it', () => {
    const isShown = ({ examples, seen }: DocumentedSymbol): boolean =>
      examples.length > 0 || seen.some((name) => (byName.get(name)?.examples.length ?? 0) > 0);
    expect(namesOf(own.filter((symbol) => symbol.kind === 'type' && !isShown(symbol)))).toEqual([]);
  });

  it('link to what is exported', () => {
    const dangling = own.flatMap(({ links, name }) =>
      links.filter((link) => !byName.has(link.split('.')[0]!)).map((link) => `${name}: ${link}`),
    );
    expect(dangling).toEqual([]);
  });

  it('have examples that are fenced as TypeScript and type-check', () => {
    const unfenced = own.filter(({ examples }) => !examples.every((example) => example.includes('```ts\n')));
    const wrong = own.filter((symbol) => !isSound(symbol));
    const told = wrong.map(({ name }) => [name, problems.get(name)] as const);
    expect({ unfenced: namesOf(unfenced), ...Object.fromEntries(told) }).toEqual({ unfenced: [] });
  });

  it('have examples whose values are those that come out', () => {
    const claimed = claims.filter(({ name }) => own.some((symbol) => symbol.name === name));
    const said = claimed.map(({ expected, line, name }) => ({ name, line, value: expected }));
    expect(claimed.map(({ actual, line, name }) => ({ name, line, value: actual }))).toEqual(said);
  });
});

describe('the check of examples', () => {
  it.each(WRONG)('sees what does not compile: %s', (name, _code, problem) => {
    expect(problems.get(name)).toContainEqual(expect.stringContaining(problem));
  });

  it.each(CLAIMS)('holds an example to what it says: %s', (name, _code, expected, actual) => {
    expect(claims.filter((claim) => claim.name === name)).toMatchObject([{ expected, actual }]);
  });
});
