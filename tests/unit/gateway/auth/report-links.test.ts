import { describe, expect, it } from '@jest/globals';

import {
  type AccountReportLink,
  createReportLinks,
  type ReportLink,
} from '../../../../gateway/auth/report-links.ts';
import { Secret } from '../../../../gateway/auth/secret.ts';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0, 500);
const HOUR = 3_600_000;
const links = createReportLinks(new Secret('of the installation'));

const read = (path: string): { link: ReportLink; signature: string } => {
  const url = new URL(path, 'http://gateway');
  return {
    link: {
      backtestId: decodeURIComponent(url.pathname.split('/')[2] ?? ''),
      workspaceId: url.searchParams.get('workspace') ?? '',
      expiresAt: Number(url.searchParams.get('expires')),
    },
    signature: url.searchParams.get('signature') ?? '',
  };
};

describe('a link to a report', () => {
  const { link, signature } = read(links.pathOf({ backtestId: 'b/1', workspaceId: 'w 1' }, NOW));

  it('is good for an hour, of its backtest and workspace', () => {
    expect(link).toEqual({ backtestId: 'b/1', workspaceId: 'w 1', expiresAt: NOW + HOUR + 500 });
    expect(links.isGood(link, signature, NOW)).toBe(true);
    expect(links.isGood(link, signature, NOW + HOUR)).toBe(true);
    expect(links.isGood(link, signature, link.expiresAt)).toBe(false);
  });

  it('opens at another gateway of the installation, and at none of another', () => {
    expect(createReportLinks(new Secret('of the installation')).isGood(link, signature, NOW)).toBe(true);
    expect(createReportLinks(new Secret('of another')).isGood(link, signature, NOW)).toBe(false);
  });

  it.each<[string, Partial<ReportLink>]>([
    ['another backtest', { backtestId: 'b/2' }],
    ['another workspace', { workspaceId: 'w' }],
    ['a later end', { expiresAt: NOW + 2 * HOUR }],
    ['no end', { expiresAt: Number.POSITIVE_INFINITY }],
    ['an end that is none', { expiresAt: Number.NaN }],
  ])('is no good for %s', (_what, change) => {
    expect(links.isGood({ ...link, ...change }, signature, NOW)).toBe(false);
  });

  it.each(['', 'x', signature.slice(1), `${signature}AA`])('is no good with the signature %j', (wrong) => {
    expect(links.isGood(link, wrong, NOW)).toBe(false);
  });
});

describe('a link to the report of an account', () => {
  const target = {
    ...{ accountId: 'a/1', workspaceId: 'w 1', benchmark: 'S&P' },
    ...{ from: Date.UTC(2025, 0, 1), to: null },
  };
  const url = new URL(links.pathOfAccount(target, NOW), 'http://gateway');
  const signature = url.searchParams.get('signature') ?? '';
  const link: AccountReportLink = { ...target, expiresAt: Number(url.searchParams.get('expires')) };

  it('names what it is of', () => {
    expect(url.pathname).toBe('/accounts/a%2F1/report.html');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      ...{ from: '2025-01-01T00:00:00.000Z', benchmark: 'S&P', workspace: 'w 1' },
    });
    expect(url.searchParams.has('to')).toBe(false);
    expect(links.isGoodForAccount(link, signature, NOW)).toBe(true);
    expect(links.isGoodForAccount(link, signature, link.expiresAt)).toBe(false);
  });

  it.each<[string, Partial<AccountReportLink>]>([
    ['another account', { accountId: 'a/2' }],
    ['another workspace', { workspaceId: 'w' }],
    ['other days', { to: 1 }],
    ['all days', { from: null }],
    ['another benchmark', { benchmark: null }],
  ])('is no good for %s', (_what, change) => {
    expect(links.isGoodForAccount({ ...link, ...change }, signature, NOW)).toBe(false);
  });

  it('opens no backtest', () => {
    const ofBacktest = { backtestId: target.accountId, ...link };
    expect(links.isGood(ofBacktest, signature, NOW)).toBe(false);
  });
});
