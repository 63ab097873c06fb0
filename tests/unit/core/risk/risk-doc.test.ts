import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { DENIAL_CODES } from '../../../../core/risk/denial.ts';
import { RISK_RULES } from '../../../../core/risk/rules.ts';

const DOC = readFileSync(new URL('../../../../docs/RISK.md', import.meta.url), 'utf8');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const code = (text: string): string => `\`${text}\``;

/** The table as the rules themselves describe it; when this test fails, put it into the document. */
const table = [
  row(['#', 'rule', 'code', 'compares', 'limit', 'exempt']),
  row(['---', '---', '---', '---', '---', '---']),
  ...RISK_RULES.map((rule, index) =>
    row([
      String(index + 1),
      rule.name,
      rule.codes.map(code).join(', '),
      rule.compares,
      rule.limit,
      rule.exempt,
    ]),
  ),
].join('\n');

/** Denials that are no risk rule's: the engine gives them before the rules run. */
const OF_THE_ENGINE = [
  'DUPLICATE_CLIENT_ORDER_ID',
  'INVALID_ORDER',
  'UNSUPPORTED_BY_BROKER',
  'BROKER_NOT_READY',
  'ORDER_NOT_OPEN',
  'NOT_REPLACEABLE',
];

describe('docs/RISK.md', () => {
  it('lists every rule in the order in which they run', () => {
    const start = '<!-- rules: begin -->\n';
    const listed = DOC.slice(DOC.indexOf(start) + start.length, DOC.indexOf('\n<!-- rules: end -->'));
    // The formatter may align the columns.
    expect(listed.trim().replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---')).toBe(table);
  });

  it('and every denial code is a rule’s or the engine’s', () => {
    const codes = new Set(RISK_RULES.flatMap((rule) => rule.codes));
    expect(DENIAL_CODES.filter((known) => !codes.has(known)).sort()).toEqual([...OF_THE_ENGINE].sort());
    for (const known of OF_THE_ENGINE) expect(DOC).toContain(code(known));
  });

  it('has rules of different names', () => {
    expect(new Set(RISK_RULES.map(({ name }) => name)).size).toBe(RISK_RULES.length);
  });
});
